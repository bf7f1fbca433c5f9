import type { CatalogModel } from '../../catalog/index.ts';
import { type Column, oneLine, table } from '../terminal/index.ts';
import { capabilityWords, type ProviderFacts } from './query.ts';

/** USD per million tokens. */
const price = (value: number | null): string => (value === null ? '?' : value === 0 ? 'free' : `$${value}`);
const tokens = (value: number | null | undefined): string =>
	value === null || value === undefined ? '?' : value.toLocaleString('en');
const yesNo = (value: boolean | null): string => (value === null ? 'not known' : value ? 'yes' : 'no');

const MODEL_COLUMNS: readonly Column<CatalogModel>[] = [
	{ title: 'model', cell: (model) => `${model.provider}/${model.id}` },
	{ title: 'mode', cell: (model) => model.mode },
	{ title: 'context', cell: (model) => tokens(model.contextWindow), right: true },
	{ title: 'in $/M', cell: (model) => price(model.price.input), right: true },
	{ title: 'out $/M', cell: (model) => price(model.price.output), right: true },
	{
		title: 'can',
		cell: (model) => [...capabilityWords(model), ...(model.deprecated === true ? ['(deprecated)'] : [])].join(' '),
		style: (model) => (model.deprecated === true ? 'dim' : undefined),
	},
];

export function modelTable(models: readonly CatalogModel[], color: boolean): string {
	return table(MODEL_COLUMNS, models, color);
}

const PROVIDER_COLUMNS: readonly Column<ProviderFacts>[] = [
	{ title: 'provider', cell: (row) => row.id },
	{ title: 'name', cell: (row) => row.name },
	{ title: 'kind', cell: (row) => row.kind },
	{ title: 'dialect', cell: (row) => row.dialect },
	{
		title: 'usable',
		cell: (row) => row.status ?? (row.usable ? 'yes' : 'not yet'),
		style: (row) => (row.usable ? 'green' : 'dim'),
	},
	{ title: 'models', cell: (row) => String(row.models), right: true },
	{ title: 'key', cell: (row) => row.keyVariables[0] ?? 'none needed' },
];

export function providerTable(rows: readonly ProviderFacts[], color: boolean): string {
	return table(PROVIDER_COLUMNS, rows, color);
}

/** Everything the catalog says of one model, a fact a line. */
export function modelSheet(model: CatalogModel): string {
	const { price: cost } = model;
	const facts: [string, string | undefined][] = [
		['name', model.name],
		['mode', model.mode],
		['context', `${tokens(model.contextWindow)} tokens`],
		['longest input', model.maxInput === undefined ? undefined : `${tokens(model.maxInput)} tokens`],
		['longest output', `${tokens(model.maxOutput)} tokens`],
		['price', `${price(cost.input)} in, ${price(cost.output)} out, per million tokens`],
		['cached input', `${price(cost.cacheRead)} read, ${price(cost.cacheWrite)} written`],
		...(model.priceTiers ?? []).map((tier): [string, string] => [
			`above ${tokens(tier.aboveInputTokens)}`,
			`${price(tier.input)} in, ${price(tier.output)} out`,
		]),
		['price note', model.priceNote],
		['takes', model.inputModalities.join(', ')],
		['gives', model.outputModalities.join(', ')],
		['tools', yesNo(model.capabilities.tools)],
		['vision', yesNo(model.capabilities.vision)],
		['JSON schema', yesNo(model.capabilities.jsonSchema)],
		['reasoning', yesNo(model.capabilities.reasoning)],
		['streaming', yesNo(model.capabilities.streaming)],
		['dimensions', model.embeddingDimensions?.toString()],
		['knowledge until', model.knowledgeCutoff],
		['released', model.released],
		['deprecated', model.deprecated === true ? 'yes' : undefined],
		['shut down', model.shutdownDate],
		['replaced by', model.replacement],
		['other names', model.aliases?.join(', ')],
		['sources', [...new Set(model.sources)].join('; ')],
	];
	const known = facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
	const width = Math.max(...known.map(([name]) => name.length));
	const lines = known.map(([name, value]) => `  ${name.padEnd(width)}  ${oneLine(value)}`);
	return `${oneLine(`${model.provider}/${model.id}`)}\n${lines.join('\n')}\n`;
}
