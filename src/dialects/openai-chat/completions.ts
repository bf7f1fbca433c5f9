import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, Dialect, Frame, JsonObject, JsonValue, Warning } from '../../spec/index.ts';
import { own, restored, TapOver } from '../shared/index.ts';
import { decodeError, encodeError } from '../shared/openai-errors/index.ts';
import { chatToCompletion, chunkToChat, refuses, untold, wholeToChat } from './completions-answer.ts';
import { chatToCompletions, completionsToChat } from './completions-request.ts';
import { encodeStreamError } from './errors.ts';
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
const COMPLETIONS = 'openai-completions';

/**
 * The older `/v1/completions`: one prompt in place of a conversation. It is the chat dialect with the wire rewritten on both sides.
 * Several prompts and token ids pass to vendors of the same dialect; reading them throws `unsupported`.
 */
export const openaiCompletions: Dialect = {
	name: COMPLETIONS,
	framing: 'sse',
	streamContentType: 'text/event-stream; charset=utf-8',
	sketch: (body) =>
		sketch(
			isObject(body)
				? { ...body, prompt: undefined, logprobs: undefined, messages: [{ role: 'user', content: allText(body.prompt) }] }
				: body,
		),
	decodeRequest: (body) => {
		const { chat, kept } = completionsToChat(body);
		const { value, warnings } = decodeRequest(chat);
		return { value: { ...value, extensions: { ...value.extensions, [COMPLETIONS]: kept } }, warnings };
	},
	encodeRequest: (request, context) => {
		const { value, warnings } = encodeRequest(withoutKept(request), context);
		const { wire, warnings: more } = chatToCompletions(value);
		const kept = own(request, COMPLETIONS);
		if (kept?.$prompt === 'none' && wire.prompt === '') delete wire.prompt;
		if (kept?.$prompt === 'list') wire.prompt = [wire.prompt ?? ''];
		return { value: { ...wire, ...restored(kept) }, warnings: [...warnings, ...more] };
	},
	locate: (body, path) => {
		const chat = isObject(body) ? tolerantly(body) : undefined;
		const place = locate(chat ?? body, path);
		if (/^messages\[0\](\.content)?$/.test(place)) return 'prompt';
		return place === 'top_logprobs' ? 'logprobs' : place;
	},
	decodeResponse: (body) => decodeResponse(wholeToChat(body)),
	encodeResponse: (response, context) => {
		const { value, warnings } = encodeResponse(response, context);
		const lost = untold(value).map(lostMember);
		return { value: chatToCompletion(value), warnings: [...warnings, ...lost] };
	},
	streamDecoder: () => {
		const decoder = streamDecoder();
		return { push: (frame) => decoder.push(asChat(frame)), end: () => decoder.end() };
	},
	streamEncoder: (context) => {
		const encoder = streamEncoder(context);
		const retold = new Retold();
		return {
			push: (part) => retold.events(encoder.push(part)),
			warnings: () => [...encoder.warnings(), ...retold.warnings],
		};
	},
	streamTap: (options) => new TapOver(streamTap(options), asChat),
	tapResponse: (body) => tapResponse(wholeToChat(body)),
	decodeError,
	encodeError,
	encodeStreamError,
};

function withoutKept(request: ChatRequest): ChatRequest {
	const { [COMPLETIONS]: _, ...extensions } = request.extensions ?? {};
	return { ...request, extensions };
}

/** All there is to read of prompts, for a rough count. */
function allText(prompt: JsonValue | undefined): string {
	if (typeof prompt === 'string') return prompt;
	return Array.isArray(prompt) ? prompt.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('') : '';
}

/** A body that is no request has no places to name. */
function tolerantly(body: JsonObject): JsonObject | undefined {
	try {
		return completionsToChat(body).chat;
	} catch {
		return undefined;
	}
}

function asChat(frame: Frame): Frame {
	return { event: frame.event, data: chunkToChat(frame.data) };
}

const DATA = 'data: ';

/** Tells a chat's stream as a completion's. */
class Retold {
	readonly #lost = new Set<string>();
	#refused = false;

	get warnings(): Warning[] {
		return [...this.#lost].map(lostMember);
	}

	/** Events, framing included. */
	events(text: string): string {
		if (!text.includes(`${DATA}{`)) return text;
		return text
			.split('\n')
			.map((line) => {
				const chunk = line.startsWith(`${DATA}{`) ? tryParse(line.slice(DATA.length)) : undefined;
				return isObject(chunk) ? DATA + JSON.stringify(this.#chunk(chunk)) : line;
			})
			.join('\n');
	}

	#chunk(chunk: JsonObject): JsonObject {
		for (const member of untold(chunk)) this.#lost.add(member);
		this.#refused ||= refuses(chunk);
		const told = chatToCompletion(chunk);
		if (!this.#refused || !Array.isArray(told.choices)) return told;
		const choices = told.choices.map((choice) =>
			isObject(choice) && choice.finish_reason === 'stop' ? { ...choice, finish_reason: 'content_filter' } : choice,
		);
		return { ...told, choices };
	}
}

function lostMember(member: string): Warning {
	return { kind: 'dropped', path: `choices[0].message.${member}`, message: 'A completion holds nothing but text.' };
}
