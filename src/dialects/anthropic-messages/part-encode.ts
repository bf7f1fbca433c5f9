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
import { encodeCache } from './cache.ts';
import { encodeCitation } from './citations.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/** Completes a block: the part's cache hint and what the part keeps for this dialect; other dialects' fields are reported. */
export function finish(block: JsonObject, part: ContentPart, path: string, losses: Losses): JsonObject {
	losses.extensions(part, path);
	if (part.cache !== undefined) block.cache_control = encodeCache(part.cache, `${path}.cache_control`, losses);
	return refill(block, part);
}

/** A text block. `replay`: it goes back to the API, which takes only citations it made. */
export function textBlock(part: TextPart, path: string, losses: Losses, replay: boolean): JsonObject {
	const block: JsonObject = { type: 'text', text: part.text };
	if (part.citations !== undefined) {
		const citations = part.citations.map((each, i) => encodeCitation(each, `${path}.citations[${i}]`, losses, replay));
		const carried = citations.filter((each) => each !== undefined);
		if (carried.length > 0 || part.citations.length === 0) block.citations = carried;
	}
	return finish(block, part, path, losses);
}

/** A thinking or redacted block of this vendor's own. */
export function ownReasoningBlock(part: ReasoningPart, path: string, losses: Losses): JsonObject {
	if (part.encrypted !== undefined) return finish({ type: 'redacted_thinking', data: part.encrypted.value }, part, path, losses);
	const block: JsonObject = { type: 'thinking', thinking: part.text ?? '' };
	if (mark(part, '$signature') !== 'none') block.signature = part.signature?.value ?? '';
	return finish(block, part, path, losses);
}

/** Whether a reasoning part is of this dialect, so that it may go back as it came: signed by it, or decoded unsigned from it. */
export function isOwnReasoning(part: ReasoningPart): boolean {
	const proof = part.signature ?? part.encrypted;
	return proof === undefined ? mark(part, '$signature') !== undefined : proof.vendor === DIALECT;
}

/** Whether a call or result belongs to a tool this vendor ran. */
export function isOwnServerPart(part: ToolCallPart | ToolResultPart): boolean {
	return part.providerExecuted !== undefined && typeof mark(part, '$type') === 'string';
}

/** A call of the application's tool, or of the vendor's own. */
export function callBlock(part: ToolCallPart, id: string, input: JsonValue, path: string, losses: Losses): JsonObject {
	const type = mark(part, '$type');
	const block: JsonObject = { type: typeof type === 'string' ? type : 'tool_use', id, name: part.name, input };
	if (part.providerExecuted?.server !== undefined) block.server_name = part.providerExecuted.server;
	return finish(block, part, path, losses);
}

/** Result of a tool this vendor ran; MCP results hold blocks, all others one structured value. */
export function serverResultBlock(part: ToolResultPart, parts: PartsWriter, path: string, losses: Losses): JsonObject {
	const type = mark(part, '$type');
	const block: JsonObject = { type: typeof type === 'string' ? type : 'tool_result', tool_use_id: part.callId };
	if (part.json !== undefined) block.content = part.json;
	else {
		writeContent(block, part, parts, path);
		if (part.isError !== undefined) block.is_error = part.isError;
	}
	return finish(block, part, path, losses);
}

/** Writes nested parts as blocks. */
export type PartsWriter = (parts: ContentPart[], path: string) => JsonObject[];

/** The `content` of a result, in the form it came in where there was one; text alone is written as a string. */
export function writeContent(block: JsonObject, part: ToolResultPart, parts: PartsWriter, path: string): void {
	const form = mark(part, '$content');
	if (form === 'none' && part.content.length === 0) return;
	const blocks = parts(part.content, `${path}.content`);
	block.content = form === 'text' ? (plainText(blocks) ?? blocks) : blocks;
}

/** The text of a list that is one text block without anything else. */
export function plainText(blocks: JsonObject[]): string | undefined {
	const [only, ...more] = blocks;
	if (only === undefined || more.length > 0 || only.type !== 'text' || typeof only.text !== 'string') return undefined;
	return Object.keys(only).length === 2 ? only.text : undefined;
}
