import { isObject } from '../../lib/json.ts';
import type { ChatResponse, Dialect, Extensible, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { own, restored, same } from '../shared/index.ts';
import { decodeError, encodeError, encodeStreamError, errorIn } from './errors.ts';
import { fitToApi } from './limits.ts';
import { streamDecoder, streamEncoder, streamTap } from './stream.ts';
import { answerToChat, chatToAnswer, chatToRequest, DIALECT, isGenerated, membersOf, requestToChat, stopOf } from './wire.ts';

/** A node without what this dialect alone keeps on it: the dialect beneath would tell it as lost. */
function without<T extends Extensible>(node: T): T {
	if (node.extensions?.[DIALECT] === undefined) return node;
	const { [DIALECT]: _kept, ...extensions } = node.extensions;
	return { ...node, extensions };
}

function keeping<T extends Extensible>(node: T, kept: JsonObject): T {
	return Object.keys(kept).length === 0 ? node : { ...node, extensions: { ...node.extensions, [DIALECT]: kept } };
}

function decodeResponse(base: Dialect, body: JsonValue): Translated<ChatResponse> {
	const error = errorIn(body, false);
	if (error !== undefined) throw error;
	const { value, warnings } = base.decodeResponse(answerToChat(body, false));
	const candidates = value.candidates.map((candidate) => {
		const { stop } = candidate;
		return stop === undefined ? candidate : { ...candidate, stop: stopOf(stop) };
	});
	const kept = isGenerated(body) ? { $generated: body } : { $members: membersOf(body) };
	return { value: keeping({ ...value, candidates }, kept), warnings };
}

/** What only the dialect of requests and answers as a whole needs. */
function wholes(
	base: Dialect,
): Pick<Dialect, 'decodeRequest' | 'encodeRequest' | 'decodeResponse' | 'encodeResponse' | 'tapResponse'> {
	return {
		decodeRequest: (body) => {
			const { chat, kept } = requestToChat(body);
			const { value, warnings } = base.decodeRequest(chat);
			return { value: keeping(value, kept), warnings };
		},
		encodeRequest: (request, { model, traits }) => {
			const context = { model, traits: { systemRole: 'system' as const, ...traits } };
			const { value, warnings } = base.encodeRequest(without(request), context);
			fitToApi(value, warnings);
			return { value: { ...chatToRequest(value), ...restored(own(request, DIALECT)) }, warnings };
		},
		decodeResponse: (body) => decodeResponse(base, body),
		encodeResponse: (response, context) => {
			const { $generated: kept, $members: members } = own(response, DIALECT) ?? {};
			if (isObject(kept) && same(decodeResponse(base, kept).value, response)) return { value: kept, warnings: [] };
			const { value, warnings } = base.encodeResponse(without(response), context);
			return { value: chatToAnswer(value, isObject(members) ? members : undefined), warnings };
		},
		tapResponse: (body) => {
			const error = errorIn(body, false);
			if (error !== undefined) throw error;
			return base.tapResponse(answerToChat(body, false));
		},
	};
}

/**
 * The text chat of IBM's watsonx.ai: chat completions under other names, with an address of its own for streams.
 * @param base the dialect of chat completions, on which it is laid
 */
export function watsonxOver(base: Dialect): Dialect {
	const chatOf = (body: JsonValue): JsonValue => (isObject(body) ? requestToChat(body).chat : body);
	return {
		name: DIALECT,
		framing: 'sse',
		streamContentType: base.streamContentType,
		modelInPath: true,
		// Streams tell what they used whether asked to or not.
		sketch: (body) => ({ ...base.sketch(chatOf(body)), streamUsage: true }),
		locate: (body, path) => base.locate(chatOf(body), path),
		...wholes(base),
		streamDecoder: () => streamDecoder(base),
		streamEncoder: (context) => streamEncoder(base, context),
		streamTap: (options) => streamTap(base, options),
		decodeError,
		encodeError,
		encodeStreamError,
	};
}
