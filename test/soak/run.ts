/**
 * Soak: many concurrent calls with mixed faults against a built Relais, for minutes. Prints memory over time and, at the end, whether
 * every request was accounted for: as many records as requests, and for each request the outcome its client saw.
 *
 *     node test/soak/run.ts --minutes 8 --concurrency 50
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
	options: { minutes: { type: 'string', default: '8' }, concurrency: { type: 'string', default: '50' } },
});
const minutes = Number(values.minutes);
const concurrency = Number(values.concurrency);
const KEY = 'rk-soak-0123456789abcdef';

/** What may go wrong at the vendor, with how often it does; the rest of the calls meet no fault. */
const FAULTS: readonly [string, number][] = [
	['429&retry_after=0', 4],
	['500', 4],
	['503', 4],
	['529', 2],
	['502-html', 2],
	['reset', 4],
	['reset-after-headers', 2],
	['cut', 6],
	['missing-end', 3],
	['malformed', 3],
	['error-event', 4],
	['stall', 1],
	['slow-first-token&ms=500', 4],
	['html-200', 2],
	['empty-200', 2],
];

const MODELS = [
	['sim-openai/gpt-6-luna', 'sim-anthropic/claude-sonnet-4-5'],
	['sim-anthropic/claude-sonnet-4-5', 'sim-openai/gpt-6-luna'],
] as const;

/** How a client saw its request end. */
type Seen = 'complete' | 'refused' | 'in-band error' | 'cut' | 'left';

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function untilUp(url: string): Promise<void> {
	for (let i = 0; i < 200; i++) {
		if (
			await fetch(url)
				.then(() => true)
				.catch(() => false)
		)
			return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`${url} did not come up`);
}

function rss(child: ChildProcess): number {
	const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function config(simulators: string, port: number): object {
	const timeouts = { idle: '3s', first_token: '5s', answer: '5s' };
	return {
		server: { port },
		simulate: 'never',
		routing: { retries: 1 },
		keys: [{ name: 'soak', key: KEY }],
		providers: [
			{ name: 'sim-openai', type: 'openai', base_url: `${simulators}/sim-openai/v1`, api_key: 'sk-sim-openai', timeouts },
			{
				name: 'sim-anthropic',
				type: 'anthropic',
				base_url: `${simulators}/sim-anthropic/v1`,
				api_key: 'sk-sim-anthropic',
				timeouts,
			},
		],
		routes: MODELS.flatMap(([first, second], index) => [
			{ name: `route${index}`, targets: [{ model: first }], fallbacks: [second] },
			...FAULTS.map(([fault], number) => ({
				name: `fault${index}-${number}`,
				targets: [{ model: `${first}#fault=${fault}` }],
				fallbacks: [second],
			})),
			...FAULTS.map(([fault], number) => ({ name: `lone${index}-${number}`, targets: [{ model: `${first}#fault=${fault}` }] })),
		]),
	};
}

const weight = FAULTS.reduce((sum, [, share]) => sum + share, 0);

/** A route: half of the calls meet a fault, half of those with nobody to fall back to. */
function pickRoute(): string {
	const index = Math.random() < 0.5 ? 0 : 1;
	if (Math.random() < 0.5) return `route${index}`;
	let at = Math.random() * weight;
	const number = FAULTS.findIndex(([, share]) => {
		at -= share;
		return at < 0;
	});
	return `${Math.random() < 0.5 ? 'fault' : 'lone'}${index}-${Math.max(0, number)}`;
}

async function oneCall(base: string): Promise<{ id: string | undefined; seen: Seen }> {
	const anthropic = Math.random() < 0.5;
	const stream = Math.random() < 0.8;
	const controller = new AbortController();
	const leaves = Math.random() < 0.05;
	if (leaves) setTimeout(() => controller.abort(), Math.random() * 200);
	let id: string | undefined;
	try {
		const reply = await fetch(`${base}${anthropic ? '/v1/messages' : '/v1/chat/completions'}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
			body: JSON.stringify({
				model: pickRoute(),
				max_tokens: 500,
				stream,
				messages: [
					{ role: 'user', content: `Tell me about number ${Math.random()}. ${'Some words to make it longer. '.repeat(20)}` },
				],
			}),
			signal: controller.signal,
		});
		id = reply.headers.get('x-relais-request-id') ?? undefined;
		const text = await reply.text();
		if (!reply.ok) return { id, seen: 'refused' };
		if (!stream) return { id, seen: 'complete' };
		if (/^event: error|^data: \{"error"/m.test(text)) return { id, seen: 'in-band error' };
		return { id, seen: /\[DONE\]|"message_stop"/.test(text) ? 'complete' : 'cut' };
	} catch {
		return { id, seen: leaves ? 'left' : 'cut' };
	}
}

const OUTCOMES: { readonly [seen in Seen]: string | undefined } = {
	complete: 'completed',
	refused: 'failed',
	'in-band error': 'interrupted',
	left: 'cancelled',
	cut: undefined,
};

async function main(): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'relais-soak-'));
	const [simulatorPort, port] = [await freePort(), await freePort()];
	const bin = new URL('../../bin/relais.js', import.meta.url).pathname;
	const simulators = spawn(process.execPath, [bin, 'simulate', '--pace', 'instant', '--port', String(simulatorPort)], {
		stdio: 'ignore',
	});
	writeFileSync(join(folder, 'relais.json'), JSON.stringify(config(`http://127.0.0.1:${simulatorPort}`, port)));
	const relais = spawn(process.execPath, [bin, 'serve', '--quiet'], {
		cwd: folder,
		env: { ...process.env, RELAIS_LOG_LEVEL: 'debug', RELAIS_DISCOVER: 'off' },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const recorded = new Map<string, string>();
	const complaints: string[] = [];
	createInterface({ input: relais.stderr ?? process.stdin }).on('line', (line) => {
		const entry = line.startsWith('{')
			? (JSON.parse(line) as { id?: string; outcome?: string; level: number; msg: string })
			: undefined;
		if (entry?.id !== undefined && entry.outcome !== undefined) recorded.set(entry.id, entry.outcome);
		else if (entry === undefined || entry.level >= 50) complaints.push(line.slice(0, 500));
	});
	try {
		await untilUp(`http://127.0.0.1:${simulatorPort}/_sim/requests`);
		const base = `http://127.0.0.1:${port}`;
		await untilUp(`${base}/healthz`);
		return await soak(base, relais, recorded, complaints);
	} finally {
		relais.kill();
		simulators.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function soak(
	base: string,
	relais: ChildProcess,
	recorded: ReadonlyMap<string, string>,
	complaints: string[],
): Promise<number> {
	const end = Date.now() + minutes * 60_000;
	const seen = new Map<Seen, number>();
	const outcomes: [string, Seen][] = [];
	let calls = 0;
	const memory: number[] = [];
	const worker = async (): Promise<void> => {
		while (Date.now() < end) {
			const result = await oneCall(base);
			calls++;
			seen.set(result.seen, (seen.get(result.seen) ?? 0) + 1);
			if (result.id !== undefined) outcomes.push([result.id, result.seen]);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	const sample = setInterval(() => {
		memory.push(rss(relais));
		console.log(`${Math.round((end - Date.now()) / 1000)} s left, ${calls} calls, ${memory.at(-1)?.toFixed(0)} MB`);
	}, 15_000);
	await Promise.all(Array.from({ length: concurrency }, worker));
	clearInterval(sample);
	await new Promise((resolve) => setTimeout(resolve, 2000));
	memory.push(rss(relais));
	return report(calls, seen, outcomes, recorded, memory, complaints);
}

function report(
	calls: number,
	seen: ReadonlyMap<Seen, number>,
	outcomes: readonly [string, Seen][],
	recorded: ReadonlyMap<string, string>,
	memory: readonly number[],
	complaints: readonly string[],
): number {
	const missing = outcomes.filter(([id]) => !recorded.has(id));
	const contradicted = outcomes.filter(([id, how]) => how !== 'left' && OUTCOMES[how] !== recorded.get(id));
	const half = Math.floor(memory.length / 2);
	const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
	const growth = (mean(memory.slice(half)) / mean(memory.slice(Math.floor(half / 2), half)) - 1) * 100;
	console.log(`calls ${calls}, records ${recorded.size}, ${[...seen].map(([how, count]) => `${how} ${count}`).join(', ')}`);
	console.log(
		`without a record ${missing.length}, contradicted ${contradicted.length}: ${JSON.stringify(contradicted.slice(0, 5).map(([id, how]) => [how, recorded.get(id)]))}`,
	);
	console.log(
		`memory: first ${memory[0]?.toFixed(0)} MB, last ${memory.at(-1)?.toFixed(0)} MB, second half against second quarter ${growth.toFixed(1)} %`,
	);
	for (const line of complaints.slice(0, 10)) console.log(`complaint: ${line}`);
	const good = missing.length === 0 && contradicted.length === 0 && complaints.length === 0 && growth < 10;
	console.log(good ? 'soak passed' : 'soak failed');
	return good ? 0 : 1;
}

process.exit(await main());
