import { join } from 'node:path';
import type { Surface } from '../../sdk/neutral.ts';
import { anthropicSurface } from '../../sdk/surfaces/anthropic.ts';
import { bedrockSurface } from '../../sdk/surfaces/bedrock.ts';
import { geminiSurface } from '../../sdk/surfaces/gemini.ts';
import { ollamaSurface } from '../../sdk/surfaces/ollama.ts';
import { openaiSurface } from '../../sdk/surfaces/openai.ts';
import { responsesSurface } from '../../sdk/surfaces/responses.ts';
import { treatmentOf } from './apis.ts';
import { type Recording, type Told, told } from './corpus.ts';
import { EXCEPTIONS, RETOLD } from './exceptions.ts';

/** The surfaces whose official clients read every answer. */
export const SURFACES: readonly Surface[] = [
	openaiSurface,
	responsesSurface,
	anthropicSurface,
	geminiSurface,
	bedrockSurface,
	ollamaSurface,
];

/** Where the page is. */
export const PAGE = join(import.meta.dirname, '../../../docs/en/fidelity.md');

const INTRODUCTION = `# Fidelity

How faithfully Relais carries traffic, measured with recordings of real providers. The tests in \`test/wire\` hold every line of this
page; \`npm run docs\` writes it where the recordings are at hand.

- An answer **is read** when its own dialect understands it: text, reasoning, tool calls, citations, stop reason, usage, or the error.
- It **comes back** when its own dialect, having understood it, writes every field of it again (of a stream: everything it says).
- It is **read by a client** when it is told in the client's dialect over a socket, and the vendor's official SDK gives the application
  the same text, the same tool calls with the same arguments and the same token counts, or raises the error with the vendor's words.
`;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
	const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function countBy<T>(list: readonly T[], key: (each: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const each of list) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
	return groups;
}

function dialectRows(answers: readonly Told[]): (string | number)[][] {
	return [...countBy(answers, ({ dialect }) => dialect.name)].sort().map(([name, all]) => {
		const good = all.filter(({ status }) => status < 300);
		const streams = good.filter(({ streamed }) => streamed).length;
		const retold = good.filter(({ id }) => RETOLD.some(({ ids }) => ids.includes(id))).length;
		return [
			name,
			all.length,
			good.length - streams,
			streams,
			all.length - good.length,
			`${good.length - retold} of ${good.length}`,
		];
	});
}

function surfaceRows(answers: readonly Told[]): (string | number)[][] {
	return SURFACES.map(({ name, dialect }) => {
		const excepted = EXCEPTIONS.filter((each) => each.surface === dialect).flatMap(({ ids }) => ids).length;
		return [name, dialect, `${answers.length - excepted} of ${answers.length}`];
	});
}

function exceptionLines(): string[] {
	const entries = [
		...RETOLD.map(({ ids, reason }) => ({ where: 'own dialect', ids, reason })),
		...EXCEPTIONS.map(({ surface, ids, reason }) => ({ where: surface, ids, reason })),
	];
	return entries.map(
		({ where, ids, reason }) => `- ${where}, ${ids.length}: ${reason} (${ids.map((id) => `\`${id}\``).join(', ')})`,
	);
}

function treatmentRows(recordings: readonly Recording[], read: boolean): (string | number)[][] {
	const chosen = recordings.filter((recording) => treatmentOf(recording).read === read);
	return [...countBy(chosen, (recording) => treatmentOf(recording).what)]
		.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
		.map(([what, group]) => [what, group.length, [...new Set(group.map(({ api }) => `\`${api}\``))].sort().join(' ')]);
}

/** The whole page. */
export function page(recordings: readonly Recording[]): string {
	const answers = told(recordings);
	const vendors = new Set(answers.map(({ provider }) => provider)).size;
	return [
		INTRODUCTION,
		`${recordings.length} recorded exchanges; ${answers.length} chat answers of ${vendors} providers in them.\n`,
		'## Chat answers by dialect\n',
		table(['dialect', 'answers', 'whole', 'streams', 'errors', 'come back'], dialectRows(answers)),
		'\n## Chat answers by the client that reads them\n',
		table(['official client', 'dialect', 'read'], surfaceRows(answers)),
		'\n## Exceptions\n',
		...exceptionLines(),
		'\n## All recordings\n',
		table(['read as', 'recordings', 'APIs'], treatmentRows(recordings, true)),
		'\nNot read:\n',
		table(['why not', 'recordings', 'APIs'], treatmentRows(recordings, false)),
		'',
	].join('\n');
}
