import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, Dialect, JsonValue } from '../../spec/index.ts';
import { own, read, restored } from '../shared/index.ts';
import { unsupported } from './encode-state.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { chatToGenerate, chatToGenerated, generatedToChat, generateToChat, rewriteLines } from './generate-wire.ts';
import { locate } from './locate.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { sketch } from './sketch.ts';
import { streamDecoder } from './stream-decode.ts';
import { streamEncoder } from './stream-encode.ts';
import { streamTap, tapResponse } from './tap.ts';

/** Name of the dialect, and of the extensions that hold what shapes a prompt and no conversation. */
const GENERATE = 'ollama-generate';

const MESSAGE = /^messages\[(\d+)\](?:\.content|\.(images.*))?$/;

/**
 * `/api/generate`: one prompt in place of a conversation. It is the chat dialect with the wire rewritten on both sides. Encoding a
 * request throws `unsupported` for a conversation of more than instructions and one message.
 */
export const ollamaGenerate: Dialect = {
	name: GENERATE,
	framing: 'ndjson',
	streamContentType: 'application/x-ndjson',
	sketch: (body) => sketch(isObject(body) ? generateToChat(body).chat : body),
	decodeRequest: (body) => {
		if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
		const { chat, kept } = generateToChat(body);
		const { value, warnings } = decodeRequest(chat);
		return { value: { ...value, extensions: { ...value.extensions, [GENERATE]: kept } }, warnings };
	},
	encodeRequest: (request, context) => {
		const { value, warnings } = encodeRequest(withoutKept(request), context);
		const wire = chatToGenerate(value);
		if (wire === undefined) throw unsupported('messages', 'One prompt is taken, not a conversation.');
		if (value.tools !== undefined)
			warnings.push({ kind: 'dropped', path: 'tools', message: 'Tools are not offered with a prompt.' });
		const kept = own(request, GENERATE);
		if (kept?.$prompt === 'none' && wire.prompt === '') delete wire.prompt;
		return { value: { ...wire, ...restored(kept) }, warnings };
	},
	locate: (body, path) => {
		if (!isObject(body)) return path;
		const { chat } = tolerantly(body) ?? { chat: body };
		const place = MESSAGE.exec(locate(chat, path));
		if (place === null || !Array.isArray(chat.messages)) return locate(chat, path);
		return place[2] ?? (Number(place[1]) < chat.messages.length - 1 ? 'system' : 'prompt');
	},
	decodeResponse: (body) => decodeResponse(generatedToChat(body)),
	encodeResponse: (response, context) => {
		const { value, warnings } = encodeResponse(response, context);
		return { value: chatToGenerated(value), warnings };
	},
	streamDecoder: () => {
		const decoder = streamDecoder();
		return {
			push: ({ event, data }) => {
				const line = tryParse(data);
				return decoder.push({ event, data: line === undefined ? data : JSON.stringify(generatedToChat(line)) });
			},
			end: () => decoder.end(),
		};
	},
	streamEncoder: (context) => {
		const encoder = streamEncoder(context);
		return {
			push: (part) => rewriteLines(encoder.push(part), chatToGenerated),
			warnings: () => encoder.warnings(),
		};
	},
	streamTap,
	tapResponse,
	decodeError,
	encodeError,
	encodeStreamError,
};

function withoutKept(request: ChatRequest): ChatRequest {
	const { [GENERATE]: _kept, ...extensions } = request.extensions ?? {};
	return { ...request, extensions };
}

/** A body that is no request has no places to name. */
function tolerantly(body: JsonValue): ReturnType<typeof generateToChat> | undefined {
	try {
		return generateToChat(body);
	} catch {
		return undefined;
	}
}
