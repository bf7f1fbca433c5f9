import { type Command, InvalidArgumentError, Option } from 'commander';
import { reasonOf } from '../lib/reason.ts';
import {
	curlLine,
	DEMO_VENDORS,
	FAULTS,
	KINDS,
	type Simulators,
	type SimulatorVendor,
	startSimulators,
} from '../simulators/index.ts';

interface SimulateFlags {
	port: number;
	host: string;
	vendor?: SimulatorVendor[];
	pace: 'instant' | 'natural';
}

function portNumber(value: string): number {
	const port = Number(value);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}

/** One `--vendor`: `name=kind`, or a kind alone, whose vendor is then called `sim-<kind>`. */
function addVendor(value: string, earlier: SimulatorVendor[] = []): SimulatorVendor[] {
	const alone = value.replace(/^sim-/, '');
	const [name = '', kind = ''] = value.includes('=') ? value.split('=', 2) : [`sim-${alone}`, alone];
	const made = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
	if (made !== undefined) return [...earlier, { ...made, name }];
	throw new InvalidArgumentError(`give a kind or name=kind, with a kind of ${Object.keys(KINDS).join(', ')}.`);
}

function welcome({ vendors, adminUrl }: Simulators): string {
	const width = Math.max(...vendors.map((vendor) => vendor.name.length));
	const lines = vendors.map(({ name, baseUrl, apiKey, kind, flavor, keys }) => {
		const signing = keys === undefined ? '' : ` or signed by ${keys.accessKeyId}, ${keys.secretAccessKey}`;
		return `  ${name.padEnd(width)}  ${baseUrl}  key ${flavor === 'local' ? '(any)' : apiKey}${signing}  (${kind} protocol)`;
	});
	const [first] = vendors;
	return [
		'Simulated vendors are listening:',
		...lines,
		...(first === undefined ? [] : ['', 'Try:', `  ${curlLine(first)}`]),
		'',
		'Make things go wrong, by request header, behind the model name, or for whatever comes next:',
		"  -H 'x-sim-fault: 429;retry_after=2'        or  x-sim-latency-ms, -tokens-per-second, -chunks, -chunk-ms, -answer-bytes",
		`  "model": "${first?.models[0] ?? 'model'}#fault=cut&fraction=0.3"`,
		`  curl ${adminUrl}/faults -d '{"vendor":"${first?.name ?? ''}","fault":"503","times":2}'    (-X DELETE to remove)`,
		`  faults: any status, <status>-html, ${Object.keys(FAULTS).join(', ')}`,
		`What was served: ${adminUrl}/requests`,
	].join('\n');
}

/** Resolves when the user asks the process to stop. */
function untilStopped(): Promise<void> {
	return new Promise((resolve) => {
		const stop = (): void => {
			process.off('SIGINT', stop);
			process.off('SIGTERM', stop);
			resolve();
		};
		process.on('SIGINT', stop);
		process.on('SIGTERM', stop);
	});
}

/** Why listening failed, in one line. */
function reason(error: unknown, { host, port }: SimulateFlags): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'EADDRINUSE') return `port ${port} on ${host} is in use; choose another with --port`;
	if (code === 'EACCES') return `no permission to listen on port ${port}; choose one above 1023 with --port`;
	if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `this machine has no address ${host}`;
	return reasonOf(error);
}

async function simulate(flags: SimulateFlags): Promise<void> {
	const { host, port, pace, vendor: vendors = DEMO_VENDORS } = flags;
	let simulators: Simulators;
	try {
		simulators = await startSimulators({ host, port, vendors, pace });
	} catch (error) {
		console.error(`relais simulate: ${reason(error, flags)}`);
		process.exitCode = 1;
		return;
	}
	const stopped = untilStopped();
	console.log(welcome(simulators));
	await stopped;
	await simulators.close();
}

/** Adds `relais simulate`: the simulated vendors alone, until SIGINT or SIGTERM. */
export function registerSimulate(program: Command): void {
	program
		.command('simulate')
		.description('start simulated vendors, for trying things out and for tests')
		.option('-p, --port <port>', 'port to listen on', portNumber, 4243)
		.option('--host <host>', 'address to listen on', '127.0.0.1')
		.option(
			'--vendor <name>',
			`a vendor to simulate: a kind, or name=kind; may be repeated (kinds: ${Object.keys(KINDS).join(', ')})`,
			addVendor,
		)
		.addOption(new Option('--pace <pace>', 'how fast answers stream').choices(['natural', 'instant']).default('natural'))
		.action(simulate);
}
