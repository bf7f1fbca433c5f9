import { type Command, InvalidArgumentError } from 'commander';
import { type Catalog, loadCatalog } from '../../catalog/index.ts';
import { locateDataDir } from '../../config/index.ts';
import { processIo, reporting, type TerminalIo } from '../terminal/index.ts';
import { CAPABILITIES, type Filter, find, providerFacts, select } from './query.ts';
import { refresh, reset } from './refresh.ts';
import { modelSheet, modelTable, providerTable } from './show.ts';

interface PlaceFlags {
	config?: string;
	dataDir?: string;
}

interface ListFlags extends PlaceFlags {
	provider?: string;
	capability?: string[];
	maxPrice?: number;
	all?: boolean;
	json?: boolean;
}

function capability(value: string, earlier: string[] = []): string[] {
	const words = value.toLowerCase().split(',').filter(Boolean);
	if (words.length > 0 && words.every((word) => Object.hasOwn(CAPABILITIES, word))) return [...earlier, ...words];
	throw new InvalidArgumentError(`give one or more of ${Object.keys(CAPABILITIES).join(', ')}.`);
}

function dollars(value: string): number {
	const amount = Number(value);
	if (value.trim() !== '' && Number.isFinite(amount) && amount >= 0) return amount;
	throw new InvalidArgumentError('give USD per million tokens, such as 2.5.');
}

/** Adds `relais catalog` with its sub-commands. Only `refresh` from an address uses the network. */
export function registerCatalog(program: Command, io: TerminalIo = processIo()): void {
	const catalog = program.command('catalog').description('what Relais knows of providers and models: prices, windows, abilities');
	const sub = (name: string, description: string, isDefault = false): Command =>
		catalog
			.command(name, { isDefault })
			.description(description)
			.option('-c, --config <file>', 'config file, for its data folder')
			.option('--data-dir <folder>', 'folder for what Relais keeps (default .relais)');
	const filtered = (command: Command): Command =>
		command
			.option('--provider <name>', 'only models of this provider')
			.option('--capability <what>', `only models with ${Object.keys(CAPABILITIES).join(', ')}; may be repeated`, capability)
			.option('--max-price <usd>', 'greatest price per million tokens, in and out; models of unknown price are left out', dollars)
			.option('--all', 'also models whose end is announced or past')
			.option('--json', 'print as JSON');

	filtered(sub('list', 'list the models (the default)', true)).action((flags: ListFlags) =>
		reporting(io, () => list(undefined, flags, io)),
	);
	filtered(sub('search <text...>', 'list the models whose name or provider holds the words')).action(
		(words: string[], flags: ListFlags) => reporting(io, () => list(words.join(' '), flags, io)),
	);
	sub('show <model>', 'everything known of one model: provider/model, or a name in wide use')
		.option('--json', 'print as JSON')
		.action((name: string, flags: ListFlags) => reporting(io, () => show(name, flags, io)));
	sub('providers', 'list the providers and the variables for their keys')
		.option('--json', 'print as JSON')
		.action((flags: ListFlags) => reporting(io, () => providers(flags, io)));
	sub('refresh <source>', 'install a newer catalog from a file, a folder or an https address')
		.option('--allow-new-addresses', 'also when it would send keys to hosts they were not sent to before')
		.action((source: string, flags: PlaceFlags & { allowNewAddresses?: boolean }) =>
			reporting(io, () => refresh(source, dataDir(flags, io), flags.allowNewAddresses === true, io)),
		);
	sub('reset', 'go back to the catalog that comes with Relais').action((flags: PlaceFlags) =>
		reporting(io, () => reset(dataDir(flags, io), io)),
	);
}

function dataDir({ config, dataDir: folder }: PlaceFlags, io: TerminalIo): string {
	return locateDataDir({
		...(config !== undefined && { path: config }),
		cwd: io.cwd,
		env: io.env,
		overrides: folder === undefined ? {} : { dataDir: folder },
	});
}

const open = (flags: PlaceFlags, io: TerminalIo): Catalog => loadCatalog(dataDir(flags, io));
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function list(text: string | undefined, flags: ListFlags, io: TerminalIo): void {
	const catalog = open(flags, io);
	const filter: Filter = {
		text,
		provider: flags.provider,
		capabilities: flags.capability ?? [],
		maxPrice: flags.maxPrice,
		deprecated: flags.all === true,
	};
	const models = select(catalog, filter);
	if (flags.json === true) {
		io.out(json({ asOf: catalog.asOf, models }));
		return;
	}
	const hidden = flags.all === true ? 0 : select(catalog, { ...filter, deprecated: true }).length - models.length;
	const note = hidden > 0 ? `, ${hidden} deprecated not shown (--all)` : '';
	io.out(models.length > 0 ? modelTable(models, io.color) : '');
	io.out(`${models.length > 0 ? '\n' : ''}${models.length} models${note}; state of ${catalog.asOf}\n`);
	if (models.length === 0) io.exit(1);
}

function show(name: string, flags: ListFlags, io: TerminalIo): void {
	const model = find(open(flags, io), name);
	io.out(flags.json === true ? json(model) : modelSheet(model));
}

function providers(flags: ListFlags, io: TerminalIo): void {
	const catalog = open(flags, io);
	const rows = providerFacts(catalog);
	io.out(flags.json === true ? json({ asOf: catalog.asOf, providers: rows }) : providerTable(rows, io.color));
}
