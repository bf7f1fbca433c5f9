/** IBM watsonx.ai's text chat: chat completions under other names, in an address of its own for streams. */
import { isObject } from '../../lib/json.ts';
import type { ChatRequest, ChatResponse, Dialect, Extensible, JsonObject, Translated } from '../../spec/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
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

function decodeRequest(body: Parameters<Dialect['decodeRequest']>[0]): Translated<ChatRequest> {
	const { chat, kept } = requestToChat(body);
	const { value, warnings } = openaiChat.decodeRequest(chat);
	return { value: keeping(value, kept), warnings };
}

const encodeRequest: Dialect['encodeRequest'] = (request, { model, traits }) => {
	const context = { model, traits: { systemRole: 'system' as const, ...traits } };
	const { value, warnings } = openaiChat.encodeRequest(without(request), context);
	fitToApi(value, warnings);
	return { value: { ...chatToRequest(value), ...restored(own(request, DIALECT)) }, warnings };
};

const decodeResponse: Dialect['decodeResponse'] = (body) => {
	const error = errorIn(body, false);
	if (error !== undefined) throw error;
	const { value, warnings } = openaiChat.decodeResponse(answerToChat(body, false));
	const candidates = value.candidates.map((candidate) => {
		const { stop } = candidate;
		return stop === undefined ? candidate : { ...candidate, stop: stopOf(stop) };
	});
	const kept = isGenerated(body) ? { $generated: body } : { $members: membersOf(body) };
	return { value: keeping({ ...value, candidates }, kept), warnings };
};

const encodeResponse: Dialect['encodeResponse'] = (response, context) => {
	const kept = own(response, DIALECT)?.$generated;
	if (kept !== undefined && isObject(kept) && same(decodeResponse(kept).value, response)) return { value: kept, warnings: [] };
	const { value, warnings } = openaiChat.encodeResponse(without<ChatResponse>(response), context);
	const members = own(response, DIALECT)?.$members;
	return { value: chatToAnswer(value, isObject(members) ? members : undefined), warnings };
};

export const watsonx: Dialect = {
	name: DIALECT,
	framing: 'sse',
	streamContentType: 'text/event-stream; charset=utf-8',
	modelInPath: true,
	// Streams tell what they used whether asked to or not.
	sketch: (body) => ({ ...openaiChat.sketch(isObject(body) ? requestToChat(body).chat : body), streamUsage: true }),
	decodeRequest,
	encodeRequest,
	locate: (body, path) => openaiChat.locate(isObject(body) ? requestToChat(body).chat : body, path),
	decodeResponse,
	encodeResponse,
	streamDecoder,
	streamEncoder,
	streamTap,
	tapResponse: (body) => {
		const error = errorIn(body, false);
		if (error !== undefined) throw error;
		return openaiChat.tapResponse(answerToChat(body, false));
	},
	decodeError,
	encodeError,
	encodeStreamError,
};
