import { tryParse } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, ToolCallPart, VendorEventPart } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

/** A writer for each type of part; `A`: what the writers are handed beside the part and its path. */
export type PartWriters<A extends readonly unknown[]> = {
	[T in ContentPart['type']]: (part: Extract<ContentPart, { type: T }>, path: string, ...beside: A) => JsonObject | undefined;
};

/** Writes a part with the writer for its type; undefined where that has no form for it. */
export function writePart<T extends ContentPart['type'], A extends readonly unknown[]>(
	writers: PartWriters<A>,
	part: Extract<ContentPart, { type: T }>,
	path: string,
	...beside: A
): JsonObject | undefined {
	const writer: PartWriters<A>[T] = writers[part.type as T];
	return writer(part, path, ...beside);
}

/** A part only one dialect knows: as it came for that dialect, left out with a warning for others. */
export function opaqueBlock(
	dialect: string,
	part: Extract<ContentPart, { type: 'opaque' }>,
	path: string,
	losses: Losses,
): JsonObject | undefined {
	if (part.dialect === dialect) return { ...part.value };
	losses.dropped(path, `Only ${part.dialect} knows this kind of content.`);
	return undefined;
}

/** Leaves out a part that clients of a dialect cannot be shown, with a warning. */
export function notShown(part: ContentPart, path: string, { losses }: { readonly losses: Losses }): undefined {
	losses.dropped(path, `An answer cannot show content of type '${part.type}' in this dialect.`);
	return undefined;
}

/** What the encoders of one answer share. */
export interface AnswerState {
	readonly losses: Losses;
	/** The answer came from this dialect and is repeated word for word. */
	own: boolean;
	/** Id for calls that have none. */
	readonly fallbackId: string;
}

/** Writes the parts of an answer, each with the block behind it that carries what its vendor needs back. */
export function withSeals(
	parts: readonly ContentPart[],
	path: string,
	write: (part: ContentPart, path: string) => JsonObject | undefined,
	seal: (part: ContentPart) => JsonObject | undefined,
): JsonObject[] {
	return parts.flatMap((part, at) => {
		const block = write(part, `${path}[${at}]`);
		const sealed = block === undefined ? undefined : seal(part);
		return [block, sealed].filter((each) => each !== undefined);
	});
}

/** Leaves out of an answer what a tool did that another vendor ran itself, with a warning. */
export function notTold(path: string, { losses }: { readonly losses: Losses }): undefined {
	losses.dropped(path, 'A tool another vendor ran itself is not shown in this dialect.');
	return undefined;
}

/** Leaves out of a request what a tool did that another vendor ran itself, with a warning. */
export function foreignRun(path: string, { losses }: { readonly losses: Losses }): undefined {
	losses.dropped(path, 'A call another vendor ran itself, or its result, cannot be sent back; it was left out.');
	return undefined;
}

/** Leaves out media of an assistant's turn, with a warning. */
export function assistantMedia(part: ContentPart, path: string, { losses }: { readonly losses: Losses }): undefined {
	losses.dropped(path, `An assistant message cannot hold content of type '${part.type}'.`);
	return undefined;
}

/** A call's input as a value. Free text and text that is no JSON are wrapped: the wire or the model expects an object. */
export function inputValue(part: ToolCallPart): { input: JsonValue; wrapped: boolean } {
	if (part.kind === 'custom') return { input: { input: part.input }, wrapped: true };
	if (part.input.trim() === '') return { input: {}, wrapped: false };
	const input = tryParse(part.input);
	return input === undefined ? { input: { _raw: part.input }, wrapped: true } : { input, wrapped: false };
}

/** Reports an event of another vendor's stream that is left out, where it means something. */
export function reportLostEvent({ dialect, event, data, meaningful }: VendorEventPart, losses: Losses): void {
	const what = event === undefined || event === '' ? `an event with ${Object.keys(data).join(', ')}` : `the event '${event}'`;
	if (meaningful === true) losses.dropped(event ?? 'event', `Only ${dialect} knows ${what}.`);
}
