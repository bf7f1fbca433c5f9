import { type Command, InvalidArgumentError } from 'commander';
import { type CapabilityFilter, capabilityNamed, filterCapabilities } from '../../engine/index.ts';
import { isRelaisError } from '../../spec/index.ts';
import { openEngine } from '../in-process/index.ts';
import { noProviderAdvice } from '../no-provider.ts';
import { processIo, reporting, type TerminalIo } from '../terminal/index.ts';
import { capabilityMarkdown } from './markdown.ts';
import { capabilityTables } from './show.ts';

interface CapabilityFlags {
	config?: string;
	provider?: string;
	model?: string;
	capability?: NonNullable<CapabilityFilter['capabilities']>;
	all?: boolean;
	live: boolean;
	json?: boolean;
	markdown?: boolean;
}

type Names = NonNullable<CapabilityFilter['capabilities']>;

function capability(value: string, earlier: Names = []): Names {
	try {
		return [...earlier, ...value.split(',').filter(Boolean).map(capabilityNamed)];
	} catch (error) {
		throw isRelaisError(error) ? new InvalidArgumentError(error.message) : error;
	}
}

/** Adds `relais capabilities`: the same table as `GET /api/v1/capabilities`. */
export function registerCapabilities(program: Command, io: TerminalIo = processIo()): void {
	program
		.command('capabilities')
		.description('what each provider and model can do and costs, as GET /api/v1/capabilities tells it')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('--provider <name>', 'only this provider, by name or type')
		.option('--model <name>', 'only this model; * stands for any run of characters')
		.option('--capability <what>', 'only models with it, such as tools or json-schema; may be repeated', capability)
		.option('--all', 'also every provider type that could be configured')
		.option('--no-live', "do not ask the providers for their own lists: the catalog's facts alone")
		.option('--json', 'print as JSON')
		.option('--markdown', 'print as Markdown')
		.action((flags: CapabilityFlags) => reporting(io, () => capabilities(flags, io)));
}

async function capabilities(flags: CapabilityFlags, io: TerminalIo): Promise<void> {
	const engine = await openEngine(io, { config: flags.config, simulate: false });
	try {
		if (flags.live) await engine.relais.discoverModels('all');
		const whole = engine.relais.capabilities(flags.all === true ? 'all' : 'configured');
		if (whole.providers.length === 0) {
			io.err(`${[...noProviderAdvice(), '  Or look at all there could be: --all'].join('\n')}\n`);
			io.exit(1);
			return;
		}
		const { provider, model, capability: wanted = [] } = flags;
		const table = filterCapabilities(whole, { provider, model, capabilities: wanted });
		if (flags.json === true) io.out(`${JSON.stringify(table, null, 2)}\n`);
		else if (flags.markdown === true) io.out(capabilityMarkdown(table, 'en'));
		else io.out(capabilityTables(table, io.color));
		if (table.providers.length === 0) io.exit(1);
	} finally {
		await engine.close();
	}
}
