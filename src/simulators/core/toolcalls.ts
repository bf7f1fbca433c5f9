import type { JsonObject } from '../../spec/index.ts';
import { isObject } from './json.ts';
import type { OfferedTool, Prompt } from './prompt.ts';
import { sampleOf } from './sample.ts';

/** A call the simulated model makes. `input` is text for a tool without a schema. */
export interface PlannedCall {
	name: string;
	input: JsonObject | string;
}

/** Words too common in tool names to mean that the user speaks of the tool. */
const COMMON = new Set([
	'call',
	'check',
	'fetch',
	'find',
	'from',
	'list',
	'make',
	'read',
	'send',
	'show',
	'tool',
	'with',
	'write',
]);

function wordsOf(name: string): string[] {
	const split = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
	return split.split(/[^a-z0-9]+/).filter((word) => word.length >= 4 && !COMMON.has(word));
}

function mentions(said: string, tool: OfferedTool): boolean {
	const lower = said.toLowerCase();
	return lower.includes(tool.name.toLowerCase()) || wordsOf(tool.name).some((word) => lower.includes(word));
}

/** Names are looked for in this many characters: in text made of names the search takes the square of its length. */
const LOOKED_AT = 1000;

const NAME = String.raw`\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}[\p{L}\p{M}'’-]+)*`;
const SERIES = new RegExp(`(${NAME})((?:, ${NAME})*),? (?:and|et|&) (${NAME})`, 'u');
const ONE = new RegExp(`(?<=[\\p{Ll},] )${NAME}`, 'u');

/** What a text is about: the names in "Paris, Rome and Oslo", else one name, else the text itself. */
export function subjects(text: string): string[] {
	const said = text.slice(0, LOOKED_AT);
	const series = SERIES.exec(said);
	if (series !== null) {
		const between = (series[2] ?? '').split(', ').filter((name) => name !== '');
		return [series[1] ?? '', ...between, series[3] ?? ''];
	}
	const one = ONE.exec(said);
	return [one === null ? said.trim().slice(0, 60) || 'sample' : one[0]];
}

function call(tool: OfferedTool, subject: string, said: string): PlannedCall {
	if (tool.schema === undefined) return { name: tool.name, input: subject };
	const input = sampleOf(tool.schema, { subject, said });
	return { name: tool.name, input: isObject(input) ? input : {} };
}

/** The tools the model would turn to: the forced one, else those the user speaks of, else (when a call is a must) the first. */
function addressed(prompt: Prompt): OfferedTool[] {
	const choice = prompt.toolChoice;
	if (choice === 'none') return [];
	if (typeof choice === 'object') return prompt.tools.filter((tool) => tool.name === choice.name);
	const spokenOf = prompt.outcomes.length > 0 ? [] : prompt.tools.filter((tool) => mentions(prompt.said, tool));
	if (spokenOf.length > 0) return spokenOf;
	const anyTool = choice === 'required' || (prompt.outcomes.length === 0 && /\btools?\b|\bparallel\b/i.test(prompt.said));
	return anyTool ? prompt.tools.slice(0, 1) : [];
}

/**
 * The tool calls of an answer: one for each tool the user speaks of; one for each name in a series ("Paris and Rome") where it is
 * one tool; two where the word "parallel" asks for it; one at most where parallel calls are off.
 */
export function plannedCalls(prompt: Prompt): PlannedCall[] {
	const tools = addressed(prompt);
	const [first] = tools;
	if (first === undefined) return [];
	const about = subjects(prompt.said);
	const several = /\bparallel\b/i.test(prompt.said);
	if (!prompt.parallel) return [call(first, about[0] ?? '', prompt.said)];
	if (tools.length > 1) return tools.map((tool) => call(tool, about[0] ?? '', prompt.said));
	if (about.length > 1) return about.map((subject) => call(first, subject, prompt.said));
	const others = several ? prompt.tools.filter((tool) => tool !== first) : [];
	if (others.length > 0) return [first, ...others].map((tool) => call(tool, about[0] ?? '', prompt.said));
	const planned = [call(first, about[0] ?? '', prompt.said)];
	if (several) planned.push(call(first, `another ${about[0] ?? ''}`, prompt.said));
	return planned;
}
