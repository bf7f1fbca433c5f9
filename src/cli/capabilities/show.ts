import { type CapabilityTable, capabilitiesOf, type ModelRow, type ProviderCapabilities } from '../../engine/index.ts';
import { type Column, table } from '../terminal/index.ts';
import { endpointWords, figure, keyWord } from './words.ts';

const PROVIDER_COLUMNS: readonly Column<ProviderCapabilities>[] = [
	{ title: 'provider', cell: (row) => row.name },
	{ title: 'type', cell: (row) => row.type },
	{ title: 'kind', cell: (row) => row.status ?? row.kind, style: (row) => (row.status === null ? undefined : 'dim') },
	{ title: 'configured', cell: (row) => (row.configured ? 'yes' : 'no'), style: (row) => (row.configured ? 'green' : 'dim') },
	{ title: 'dialects', cell: (row) => row.dialects.join(' ') || '-' },
	{ title: 'endpoints', cell: (row) => endpointWords(row.endpoints).join(' ') },
	{ title: 'models', cell: (row) => String(row.models.length), right: true },
	{ title: 'key', cell: (row) => keyWord(row, '-') },
];

interface Line {
	provider: string;
	model: ModelRow;
}

const MODEL_COLUMNS: readonly Column<Line>[] = [
	{ title: 'model', cell: ({ provider, model }) => `${provider}/${model.id}` },
	{ title: 'mode', cell: ({ model }) => model.mode },
	{ title: 'context', cell: ({ model }) => figure(model.contextWindow), right: true },
	{ title: 'max out', cell: ({ model }) => figure(model.maxOutput), right: true },
	{ title: 'in $/M', cell: ({ model }) => figure(model.price.input), right: true },
	{ title: 'out $/M', cell: ({ model }) => figure(model.price.output), right: true },
	{ title: 'can', cell: ({ model }) => capabilitiesOf(model).join(' ') },
	{ title: 'state', cell: ({ model }) => stateOf(model), style: () => 'dim' },
];

/** What speaks against using a model. */
function stateOf({ deprecated, shutdownDate, replacement, listed }: ModelRow): string {
	const end = shutdownDate === null ? 'deprecated' : `ends ${shutdownDate}`;
	const instead = replacement === null ? '' : `, use ${replacement}`;
	return [...(deprecated || shutdownDate !== null ? [end + instead] : []), ...(listed === false ? ['not listed'] : [])].join(
		'; ',
	);
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The providers in one table, their models in another. */
export function capabilityTables({ asOf, providers }: CapabilityTable, color: boolean): string {
	const lines = providers.flatMap(({ name, models }) => models.map((model) => ({ provider: name, model })));
	const foot = `${counted(providers.length, 'provider')}, ${counted(lines.length, 'model')}; state of ${asOf}\n`;
	if (providers.length === 0) return foot;
	const models = lines.length === 0 ? '' : `\n${table(MODEL_COLUMNS, lines, color)}`;
	return `${table(PROVIDER_COLUMNS, providers, color)}${models}\n${foot}`;
}
