import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, ChatResponse, ContentPart, StreamPart } from '../../spec/index.ts';

/*
 * Tools that take free text have no form in most dialects: they go out as functions with one field, `input`. What comes back is told
 * to the client in the form it asked for.
 */

/** Names of the tools that take free text; undefined where there are none. */
export function freeTextTools({ tools }: ChatRequest): ReadonlySet<string> | undefined {
	const custom = tools?.filter((tool) => tool.type === 'custom') ?? [];
	return custom.length === 0 ? undefined : new Set(custom.map(({ name }) => name));
}

/** The text in a call's one field; the input as it stands where the model wrote something else. */
function textIn(input: string): string {
	const fields = tryParse(input);
	const text = isObject(fields) && Object.keys(fields).length === 1 ? fields.input : undefined;
	return typeof text === 'string' ? text : input;
}

type CallPart = Extract<ContentPart, { type: 'tool-call' }>;

function isWrapped(part: ContentPart, names: ReadonlySet<string>): part is CallPart {
	return part.type === 'tool-call' && part.kind === 'function' && part.providerExecuted === undefined && names.has(part.name);
}

/** An answer with the calls of these tools as free text. */
export function unwrapped(response: ChatResponse, names: ReadonlySet<string>): ChatResponse {
	const unwrap = (part: ContentPart): ContentPart =>
		isWrapped(part, names) ? { ...part, kind: 'custom', input: textIn(part.input) } : part;
	const candidates = response.candidates.map((candidate) => ({ ...candidate, content: candidate.content.map(unwrap) }));
	return { ...response, candidates };
}

/** The same for a stream: the text of such a call comes in one piece, once its JSON is whole. */
export class Unwrapper {
	readonly #names: ReadonlySet<string>;
	/** Input so far, by block. */
	readonly #open = new Map<number, string>();

	constructor(names: ReadonlySet<string>) {
		this.#names = names;
	}

	push(part: StreamPart): StreamPart[] {
		if (part.type === 'block-start') return [this.#begin(part)];
		if (part.type !== 'tool-input-delta' && part.type !== 'block-end') return [part];
		const input = this.#open.get(part.block);
		if (input === undefined) return [part];
		if (part.type === 'tool-input-delta') {
			this.#open.set(part.block, input + part.input);
			// A proof may come with a piece of input, and must not wait.
			return part.signature === undefined ? [] : [{ ...part, input: '' }];
		}
		this.#open.delete(part.block);
		return [{ type: 'tool-input-delta', block: part.block, input: textIn(input) }, part];
	}

	#begin(part: Extract<StreamPart, { type: 'block-start' }>): StreamPart {
		const { content } = part;
		if (!isWrapped(content, this.#names)) return part;
		this.#open.set(part.block, content.input);
		return { ...part, content: { ...content, kind: 'custom', input: '' } };
	}
}
