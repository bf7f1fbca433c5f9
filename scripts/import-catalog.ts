/**
 * Makes the catalog's data files from a folder of provider and model facts:
 *
 *     node scripts/import-catalog.ts [folder] [target]
 *
 * folder: default ../shared/catalog beside the repository; target: default src/catalog/data.
 *
 * Refuses, by name, every row it does not understand, and then writes nothing. Prints counts and what changed; a second run
 * changes nothing.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AliasesFile, ModelData, ModelsFile, PriceData, ProvidersFile } from '../src/catalog/data-format.ts';
import { aliasesFileSchema, modelsFileSchema, providersFileSchema } from '../src/catalog/schema.ts';
import { AUTHS, type CatalogSource, KINDS, type ProviderRow, TIERS } from '../src/catalog/types.ts';

const nullableNumber = z.number().nullable();
const nullableFlag = z.boolean().nullable();
const priceFields = { input: nullableNumber, output: nullableNumber, cache_read: nullableNumber, cache_write: nullableNumber };

const sourceProvider = z.strictObject({
	id: z.string(),
	name: z.string(),
	status: z.enum(['retired', 'changed']).optional(),
	tier: z.enum(TIERS),
	kind: z.enum(KINDS),
	dialect: z.string(),
	base_url: z.string(),
	alt_base_urls: z.array(z.string()).optional(),
	region_urls: z.record(z.string(), z.string()).optional(),
	env: z.array(z.string()),
	env_extra: z.record(z.string(), z.array(z.string())).optional(),
	auth: z.enum(AUTHS),
	endpoints: z.record(z.string(), z.string()),
	capabilities: z.strictObject({
		chat: z.boolean(),
		stream: z.boolean(),
		tools: z.boolean(),
		json_schema: z.boolean(),
		vision: z.boolean(),
		embeddings: z.boolean(),
		rerank: z.boolean(),
		images: z.boolean(),
		audio: z.boolean(),
		data_sources: z.boolean(),
	}),
	models_endpoint: z.string().nullable(),
	docs_url: z.string(),
	quirks: z.array(z.string()),
	aliases: z.array(z.string()).optional(),
});

const sourceModel = z.strictObject({
	id: z.string(),
	provider: z.string(),
	name: z.string(),
	mode: z.string(),
	context_window: nullableNumber,
	max_input: z.number().optional(),
	max_output: nullableNumber,
	price: z.strictObject(priceFields),
	price_tiers: z.array(z.strictObject({ above_input_tokens: z.number(), ...priceFields })).optional(),
	price_note: z.string().optional(),
	modalities: z.strictObject({ input: z.array(z.string()), output: z.array(z.string()) }),
	capabilities: z.strictObject({
		tools: nullableFlag,
		json_schema: nullableFlag,
		reasoning: nullableFlag,
		vision: nullableFlag,
		streaming: nullableFlag,
	}),
	embedding_dimensions: z.number().optional(),
	knowledge_cutoff: z.string().nullable(),
	released: z.string().nullable(),
	deprecated: z.literal(true).optional(),
	shutdown_date: z.string().optional(),
	replacement: z.string().optional(),
	aliases: z.array(z.string()).optional(),
	source: z.string(),
});

const sourceAlias = z.strictObject({
	name: z.string(),
	provider: z.string(),
	id: z.string(),
	state: z.enum(['current', 'ending', 'retired']),
	closest_current: z.string(),
	note: z.string().optional(),
});

type SourceProvider = z.infer<typeof sourceProvider>;
type SourceModel = z.infer<typeof sourceModel>;
type SourceAlias = z.infer<typeof sourceAlias>;

const problems: string[] = [];
const remarks: string[] = [];

/** Rows of `file` that satisfy `schema`; the others are named in `problems`. */
function readRows<T>(folder: string, file: string, schema: z.ZodType<T>, pick: (json: unknown) => unknown = (json) => json): T[] {
	const rows = z.array(z.unknown()).parse(pick(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
	const good: T[] = [];
	for (const [index, row] of rows.entries()) {
		const result = schema.safeParse(row);
		if (result.success) good.push(result.data);
		else
			for (const issue of result.error.issues)
				problems.push(`${file} row ${index} (${nameOf(row)}): ${issue.path.join('.')}: ${issue.message}`);
	}
	return good;
}

function nameOf(row: unknown): string {
	const named = z
		.looseObject({ id: z.string().optional(), name: z.string().optional(), provider: z.string().optional() })
		.safeParse(row);
	if (!named.success) return 'unnamed';
	return [named.data.provider, named.data.id ?? named.data.name].filter((part) => part !== undefined).join('/');
}

function toProvider(row: SourceProvider): ProviderRow {
	const { stream, json_schema, data_sources, ...capabilities } = row.capabilities;
	return {
		id: row.id,
		name: row.name,
		...(row.status && { status: row.status }),
		tier: row.tier,
		kind: row.kind,
		dialect: row.dialect,
		baseUrl: row.base_url,
		altBaseUrls: row.alt_base_urls ?? [],
		regionUrls: row.region_urls ?? {},
		env: row.env,
		envExtra: row.env_extra ?? {},
		auth: row.auth,
		endpoints: row.endpoints,
		capabilities: { ...capabilities, streaming: stream, jsonSchema: json_schema, dataSources: data_sources },
		modelsEndpoint: row.models_endpoint,
		docsUrl: row.docs_url,
		quirks: row.quirks,
		aliases: row.aliases ?? [],
	};
}

function toPrice(price: { [field in keyof typeof priceFields]: number | null }): PriceData {
	return {
		input: price.input ?? undefined,
		output: price.output ?? undefined,
		cacheRead: price.cache_read ?? undefined,
		cacheWrite: price.cache_write ?? undefined,
	};
}

/** The input limit, where it says more than the window does. A limit above the window is a mistake of the source: left out and told. */
function lowerThanWindow(row: SourceModel): number | undefined {
	if (row.max_input === undefined || row.context_window === null || row.max_input < row.context_window) return row.max_input;
	if (row.max_input > row.context_window)
		remarks.push(`${row.provider}/${row.id}: input limit ${row.max_input} above the window, left out`);
	return undefined;
}

function toModel(row: SourceModel, sourceIndex: (text: string) => number): ModelData {
	const price = toPrice(row.price);
	const outputIsText = row.modalities.output.length === 1 && row.modalities.output[0] === 'text';
	return {
		id: row.id,
		name: row.name,
		mode: row.mode === 'chat' ? undefined : row.mode,
		context: row.context_window ?? undefined,
		maxInput: lowerThanWindow(row),
		maxOutput: row.max_output ?? undefined,
		price: Object.values(price).every((figure) => figure === undefined) ? undefined : price,
		tiers: row.price_tiers?.map(({ above_input_tokens, ...tier }) => ({ above: above_input_tokens, ...toPrice(tier) })),
		priceNote: row.price_note,
		in: row.modalities.input,
		out: outputIsText ? undefined : row.modalities.output,
		tools: row.capabilities.tools ?? undefined,
		jsonSchema: row.capabilities.json_schema ?? undefined,
		reasoning: row.capabilities.reasoning ?? undefined,
		vision: row.capabilities.vision ?? undefined,
		streaming: row.capabilities.streaming ?? undefined,
		dimensions: row.embedding_dimensions,
		cutoff: row.knowledge_cutoff ?? undefined,
		released: row.released ?? undefined,
		deprecated: row.deprecated,
		shutdown: row.shutdown_date,
		replacement: row.replacement,
		aliases: row.aliases,
		from: row.source.split('; ').map(sourceIndex),
	};
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function toModelsFile(rows: SourceModel[], asOf: string): ModelsFile {
	const sources = [...new Set(rows.flatMap((row) => row.source.split('; ')))].sort(byText);
	const indexes = new Map(sources.map((text, index) => [text, index]));
	const models: { [provider: string]: ModelData[] } = {};
	for (const row of rows.toSorted((a, b) => byText(a.provider, b.provider) || byText(a.id, b.id))) {
		models[row.provider] ??= [];
		models[row.provider]?.push(toModel(row, (text) => indexes.get(text) ?? -1));
	}
	return { asOf, sources, models };
}

/** The state-of-knowledge date and the table of sources, from the folder's README.md. */
function readOrigin(folder: string): { asOf: string; sources: CatalogSource[] } {
	const readme = readFileSync(join(folder, 'README.md'), 'utf8');
	const asOf = /State of knowledge:\s*(\d{4}-\d{2}-\d{2})/.exec(readme)?.[1];
	if (asOf === undefined) problems.push('README.md: no line "State of knowledge: YYYY-MM-DD"');
	const table = /## Sources\n([\s\S]*?)(\n## |$)/.exec(readme)?.[1] ?? '';
	const rows = table.split('\n').filter((line) => line.startsWith('|'));
	const sources = rows.slice(2).map((line) => {
		const [, name = '', , licence = '', version = ''] = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
		return { name, licence, version };
	});
	if (sources.length === 0) problems.push('README.md: no table of sources');
	return { asOf: asOf ?? '', sources };
}

/** What one file cannot show: references between rows, and ids given twice. */
function checkReferences(providers: SourceProvider[], models: SourceModel[], aliases: SourceAlias[]): void {
	const known = new Set(providers.map((row) => row.id));
	const ids = new Set(models.map((row) => `${row.provider}/${row.id}`));
	const twice = (what: string, names: string[]): void => {
		for (const name of new Set(names.filter((entry, index) => names.indexOf(entry) !== index)))
			problems.push(`${what} ${name}: given twice`);
	};
	twice(
		'provider',
		providers.map((row) => row.id),
	);
	twice(
		'model',
		models.map((row) => `${row.provider}/${row.id}`),
	);
	twice(
		'alias',
		aliases.map((row) => row.name),
	);
	for (const row of models) if (!known.has(row.provider)) problems.push(`model ${row.provider}/${row.id}: no such provider`);
	for (const row of aliases) {
		for (const id of [row.id, row.closest_current]) {
			if (!ids.has(`${row.provider}/${id}`)) problems.push(`alias ${row.name}: no model ${row.provider}/${id}`);
		}
	}
}

/** JSON with one row a line, so that a change of one price is a change of one line. */
function rowPerLine(file: ProvidersFile | ModelsFile | AliasesFile): string {
	const value = (entry: unknown): string => {
		if (Array.isArray(entry)) return entry.length === 0 ? '[]' : `[\n${entry.map((row) => JSON.stringify(row)).join(',\n')}\n]`;
		if (typeof entry !== 'object' || entry === null) return JSON.stringify(entry);
		return `{\n${Object.entries(entry)
			.map(([key, inner]) => `${JSON.stringify(key)}: ${value(inner)}`)
			.join(',\n')}\n}`;
	};
	return `${value(file)}\n`;
}

/** Row texts by name, to tell what changed. */
function rowsByName(text: string): Map<string, string> {
	const rows = new Map<string, string>();
	let group = '';
	for (const line of text.split('\n')) {
		const heading = /^"([^"]+)": \[$/.exec(line);
		if (heading) group = heading[1] ?? '';
		const name = /^\{"(?:id|name)":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
		if (name !== undefined && group !== 'sources') rows.set(`${group}/${JSON.parse(name)}`, line.replace(/,$/, ''));
	}
	return rows;
}

function reportChanges(file: string, before: string, after: string): void {
	const [old, fresh] = [rowsByName(before), rowsByName(after)];
	const added = [...fresh.keys()].filter((name) => !old.has(name));
	const removed = [...old.keys()].filter((name) => !fresh.has(name));
	const changed = [...fresh].filter(([name, row]) => old.has(name) && old.get(name) !== row).map(([name]) => name);
	const list = (label: string, names: string[]): string =>
		names.length === 0 ? '' : ` ${label} ${names.length} (${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''})`;
	const text = list('added', added) + list('removed', removed) + list('changed', changed);
	console.log(`${file}: ${fresh.size} rows,${before === after ? ' unchanged' : text || ' date or sources changed'}`);
}

function main(): number {
	const root = dirname(dirname(fileURLToPath(import.meta.url)));
	const folder = resolve(process.argv[2] ?? join(root, '..', 'shared', 'catalog'));
	if (!existsSync(join(folder, 'providers.json'))) {
		console.error(`no providers.json in ${folder}: give the folder of the catalog as the argument`);
		return 1;
	}
	const { asOf, sources } = readOrigin(folder);
	const providers = readRows(folder, 'providers.json', sourceProvider);
	const models = readRows(folder, 'models.json', sourceModel);
	const aliases = readRows(
		folder,
		'aliases.json',
		sourceAlias,
		(json) => z.looseObject({ names: z.unknown() }).parse(json).names,
	);
	if (problems.length === 0) checkReferences(providers, models, aliases);
	if (problems.length > 0) return refuse();

	const providersFile: ProvidersFile = { asOf, sources, providers: providers.map(toProvider) };
	const modelsFile = toModelsFile(models, asOf);
	const aliasesFile: AliasesFile = {
		asOf,
		aliases: aliases
			.toSorted((a, b) => byText(a.name, b.name))
			.map(({ closest_current, note, ...alias }) => ({
				...alias,
				closest: closest_current,
				...(note !== undefined && { note }),
			})),
	};
	const outputs = [
		{ file: 'providers.json', text: rowPerLine(providersFile), schema: providersFileSchema },
		{ file: 'models.json', text: rowPerLine(modelsFile), schema: modelsFileSchema },
		{ file: 'aliases.json', text: rowPerLine(aliasesFile), schema: aliasesFileSchema },
	];
	for (const { file, text, schema } of outputs) {
		for (const issue of schema.safeParse(JSON.parse(text)).error?.issues ?? []) {
			problems.push(`${file} as it would be written: ${issue.path.join('.')}: ${issue.message}`);
		}
	}
	if (problems.length > 0) return refuse();

	const target = resolve(process.argv[3] ?? join(root, 'src', 'catalog', 'data'));
	mkdirSync(target, { recursive: true });
	console.log(`state of knowledge ${asOf}, ${sources.length} sources`);
	for (const { file, text } of outputs) {
		const path = join(target, file);
		const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
		reportChanges(file, before, text);
		if (before !== text) writeFileSync(path, text);
	}
	for (const remark of remarks) console.log(remark);
	return 0;
}

function refuse(): number {
	for (const problem of problems) console.error(problem);
	console.error(`${problems.length} problems: nothing was written`);
	return 1;
}

process.exitCode = main();
