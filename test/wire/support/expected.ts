import { isObject } from '../../../src/lib/json.ts';
import type { Candidate, ContentPart, ToolCallPart, Usage } from '../../../src/spec/index.ts';
import type { Canonical } from './canonical.ts';
import { type Call, type Counted, normalInput, type Reading } from './reading.ts';
import type { SurfaceName } from './recordings.ts';

/** What each word for an answer's end becomes in the other dialect, by the two vendors' documentation. */
const CROSSED: { readonly [surface in SurfaceName]: { readonly [word: string]: string } } = {
	// Read on the chat surface, said by the Messages API.
	chat: {
		end_turn: 'stop',
		stop_sequence: 'stop',
		pause_turn: 'stop',
		max_tokens: 'length',
		model_context_window_exceeded: 'length',
		tool_use: 'tool_calls',
		refusal: 'content_filter',
	},
	// Read on the Messages surface, said by a vendor of chat completions.
	messages: {
		stop: 'end_turn',
		eos: 'end_turn',
		eos_token: 'end_turn',
		'': 'end_turn',
		length: 'max_tokens',
		max_tokens: 'max_tokens',
		tool_calls: 'tool_use',
		tool_call: 'tool_use',
		function_call: 'tool_use',
		content_filter: 'refusal',
	},
};

/** The word the other surface must show. A client looks for calls by the word, so calls outweigh a plain stop. */
export function crossedFinish(surface: SurfaceName, word: string | null, calls: boolean): string | undefined {
	if (surface === 'messages' && calls && (word === null || word === 'stop')) return 'tool_use';
	return CROSSED[surface][word ?? (surface === 'messages' ? 'stop' : 'end_turn')];
}

function joined(content: readonly ContentPart[], read: (part: ContentPart) => string | undefined): string {
	return content.map((part) => read(part) ?? '').join('');
}

function shownText(part: ContentPart): string | undefined {
	if (part.type === 'text' || part.type === 'refusal') return part.text;
	return part.type === 'audio' ? part.transcript : undefined;
}

function shownReasoning(part: ContentPart): string | undefined {
	return part.type === 'reasoning' ? (part.text ?? part.summary?.join('\n\n')) : undefined;
}

/** The Messages API takes objects only: free text and broken JSON travel wrapped. */
function inputFor(surface: SurfaceName, call: ToolCallPart): string {
	const input = normalInput(call.input);
	if (surface === 'chat') return input;
	if (call.kind === 'custom') return JSON.stringify({ input: call.input });
	try {
		JSON.parse(input);
		return input;
	} catch {
		return JSON.stringify({ _raw: call.input });
	}
}

function callsOf(candidate: Candidate, surface: SurfaceName): Call[] {
	return candidate.content
		.filter((part) => part.type === 'tool-call')
		.filter((part) => part.providerExecuted === undefined)
		.map((part) => ({ id: part.id, name: part.name, input: inputFor(surface, part) }));
}

function counted(usage: Usage | undefined): Counted | undefined {
	if (usage === undefined) return undefined;
	return { input: usage.inputTokens, output: usage.outputTokens, cacheRead: usage.cacheReadTokens ?? 0 };
}

/** What a client of a surface is to read of an answer, its finish reason apart. */
export function expectedReading(canonical: Canonical, surface: SurfaceName): Omit<Reading, 'finish'> {
	const candidate = canonical.response.candidates.find((each) => each.index === 0) ?? { index: 0, content: [] };
	return {
		text: joined(candidate.content, shownText),
		reasoning: joined(candidate.content, shownReasoning),
		calls: callsOf(candidate, surface),
		usage: counted(canonical.response.usage),
	};
}

const NO_USAGE: Counted = { input: 0, output: 0, cacheRead: 0 };

/** Differences between what was read and what was to be read, each a line. */
export function compareReadings(read: Reading, expected: Omit<Reading, 'finish'>, finish: string | null | undefined): string[] {
	const differences: string[] = [];
	const differ = (what: string, is: unknown, should: unknown): void => {
		if (JSON.stringify(is) !== JSON.stringify(should)) differences.push(`${what}: ${short(is)} in place of ${short(should)}`);
	};
	differ('text', read.text, expected.text);
	differ('reasoning', read.reasoning, expected.reasoning);
	differ('calls', read.calls.map(nameAndInput), expected.calls.map(nameAndInput));
	differ('call ids', new Set(read.calls.map((call) => call.id)).size, read.calls.length);
	differ('finish', read.finish, finish);
	differ('usage', read.usage ?? NO_USAGE, expected.usage ?? NO_USAGE);
	return differences;
}

function nameAndInput(call: Call): { name: string; input: string } {
	return { name: call.name, input: call.input };
}

export function short(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 160 ? `${text.slice(0, 160)}… (${text.length})` : text;
}

/** Whether a value holds anything under a key, at any depth. */
export function holds(value: unknown, key: string): boolean {
	if (Array.isArray(value)) return value.some((item) => holds(item, key));
	return isObject(value) && (Object.hasOwn(value, key) || Object.values(value).some((item) => holds(item, key)));
}
