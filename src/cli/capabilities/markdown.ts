import { type CapabilityTable, capabilitiesOf, type ModelRow, type ProviderCapabilities } from '../../engine/index.ts';
import { endpointWords, figure, keyWord } from './words.ts';

/** Headings of the tables, by language. Names of capabilities and endpoints are those of the API in every language. */
const WORDS = {
	en: {
		providers: ['Provider', 'Type', 'Kind', 'Dialects', 'Endpoints', 'Models', 'Key'],
		models: ['Model', 'Mode', 'Context', 'Max. output', 'Input', 'Output', 'Can', 'End'],
		asOf: 'As of',
		none: 'none needed',
		retired: 'retired',
		changed: 'changed',
		deprecated: 'deprecated',
		instead: 'use',
	},
	fr: {
		providers: ['Fournisseur', 'Type', 'Genre', 'Dialectes', 'Points d’accès', 'Modèles', 'Clé'],
		models: ['Modèle', 'Mode', 'Contexte', 'Sortie max.', 'Entrée', 'Sortie', 'Capacités', 'Fin'],
		asOf: 'État au',
		none: 'aucune',
		retired: 'arrêté',
		changed: 'modifié',
		deprecated: 'obsolète',
		instead: 'remplacé par',
	},
} as const;

export type Language = keyof typeof WORDS;

/** The capability table as Markdown: the providers, then the models of each. Prices in USD per million tokens. */
export function capabilityMarkdown({ asOf, providers }: CapabilityTable, language: Language): string {
	const words = WORDS[language];
	const rows = providers.map((row) => [
		row.title,
		code(row.name === row.type ? row.type : `${row.name}: ${row.type}`),
		row.status === null ? row.kind : words[row.status],
		row.dialects.map(code).join(' '),
		endpointWords(row.endpoints).join(', '),
		String(row.models.length),
		row.keyVariables.length === 0 ? words.none : code(keyWord(row, '')),
	]);
	const sections = providers.filter(({ models }) => models.length > 0).map((row) => section(row, language));
	return `${[`${words.asOf} ${asOf}.`, markdownTable(words.providers, rows, [5]), ...sections].join('\n\n')}\n`;
}

function section({ title, name, models }: ProviderCapabilities, language: Language): string {
	const words = WORDS[language];
	const rows = models.map((model) => [
		code(model.id),
		model.mode,
		...[model.contextWindow, model.maxOutput, model.price.input, model.price.output].map((value) => figure(value, language)),
		capabilitiesOf(model).join(', '),
		endOf(model, language),
	]);
	return `### ${escaped(title)} (${code(name)})\n\n${markdownTable(words.models, rows, [2, 3, 4, 5])}`;
}

function endOf({ deprecated, shutdownDate, replacement }: ModelRow, language: Language): string {
	const words = WORDS[language];
	const end = shutdownDate ?? (deprecated ? words.deprecated : '');
	return end === '' || replacement === null ? end : `${end}, ${words.instead} ${code(replacement)}`;
}

/** @param right columns of numbers */
function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	const rule = titles.map((_, index) => (right.includes(index) ? '--:' : '---'));
	return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** Names come from elsewhere: none may break out of its cell. */
function code(name: string): string {
	return `\`${escaped(name.replaceAll('`', "'"))}\``;
}

function escaped(text: string): string {
	return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
