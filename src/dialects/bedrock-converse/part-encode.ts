import { isObject, tryParse } from '../../lib/json.ts';
import type {
	ContentPart,
	JsonObject,
	JsonValue,
	ReasoningPart,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import type { Losses } from '../shared/index.ts';
import { encodeCitation, isOwnCitation } from './citations.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/** Completes a block with what the part keeps for this dialect; other dialects' fields are reported. */
export function finish(block: JsonObject, part: ContentPart, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	return refill(block, part);
}

/** A block of text, in the form it was read from. `replay`: it goes back to the API, which takes only citations it made. */
export function textBlock(part: TextPart, path: string, losses: Losses, replay: boolean): JsonObject {
	const type = mark(part, '$type');
	const json = type === 'json' ? tryParse(part.text) : undefined;
	if (json !== undefined) return finish({ json }, part, path, losses);
	if (type === 'guardContent') return finish({ guardContent: { text: { text: part.text } } }, part, path, losses);
	const citations = (part.citations ?? []).flatMap((each, i): JsonObject[] => {
		const inside = `${path}.citations[${i}]`;
		const wire = replay && !isOwnCitation(each) ? undefined : encodeCitation(each, inside, losses);
		if (wire !== undefined || !replay || isOwnCitation(each)) return wire === undefined ? [] : [wire];
		losses.dropped(inside, "A citation that another vendor's model made cannot be sent back.");
		return [];
	});
	if (citations.length === 0 && type !== 'citationsContent') return finish({ text: part.text }, part, path, losses);
	return finish({ citationsContent: { content: citedPieces(part), citations } }, part, path, losses);
}

/** The pieces cited text came in, while they still say the same. */
function citedPieces(part: TextPart): JsonValue[] {
	const pieces = mark(part, '$content');
	if (!Array.isArray(pieces)) return [{ text: part.text }];
	const said = pieces.map((piece) => (isObject(piece) && typeof piece.text === 'string' ? piece.text : '')).join('');
	return said === part.text ? pieces : [{ text: part.text }];
}

/** Reasoning of this vendor's models. */
export function ownReasoningBlock(part: ReasoningPart, path: string, losses: Losses): JsonObject {
	if (part.encrypted !== undefined) {
		return finish({ reasoningContent: { redactedContent: part.encrypted.value } }, part, path, losses);
	}
	const reasoningText: JsonObject = { text: part.text ?? '' };
	if (part.signature !== undefined) reasoningText.signature = part.signature.value;
	else if (mark(part, '$unsigned') === 'empty') reasoningText.signature = '';
	return finish({ reasoningContent: { reasoningText } }, part, path, losses);
}

/** Whether a reasoning part is of this dialect, so that it may go back as it came: signed by it, or decoded unsigned from it. */
export function isOwnReasoning(part: ReasoningPart): boolean {
	const proof = part.signature ?? part.encrypted;
	return proof === undefined ? mark(part, '$unsigned') !== undefined : proof.vendor === DIALECT;
}

/** Whether a call or result belongs to a tool this vendor ran. */
export function isOwnServerPart(part: ToolCallPart | ToolResultPart): boolean {
	return part.providerExecuted !== undefined && typeof mark(part, '$type') === 'string';
}

/** A call of the application's tool, or of the vendor's own. */
export function callBlock(part: ToolCallPart, id: string, input: JsonValue, path: string, losses: Losses): JsonObject {
	const toolUse: JsonObject = { toolUseId: id, name: part.name, input };
	const type = mark(part, '$type');
	if (typeof type === 'string') toolUse.type = type;
	return finish({ toolUse }, part, path, losses);
}

/** Writes nested parts as blocks. */
export type PartsWriter = (parts: ContentPart[], path: string) => JsonObject[];

/** A result of a tool, under the id of its call. */
export function resultBlock(part: ToolResultPart, id: string, parts: PartsWriter, path: string, losses: Losses): JsonObject {
	const content = parts(part.content, `${path}.content`);
	if (part.json !== undefined && content.length === 0) content.push({ json: part.json });
	const toolResult: JsonObject = { toolUseId: id, content };
	if (part.isError !== undefined) toolResult.status = part.isError ? 'error' : 'success';
	const type = mark(part, '$type');
	if (typeof type === 'string') toolResult.type = type;
	return finish({ toolResult }, part, path, losses);
}
