import { isObject, jsonOrText } from '../lib/json.ts';
import { refusalUnderSuccess } from '../lib/refusal.ts';
import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	isRelaisError,
	type JsonObject,
	type ProviderHost,
	RelaisError,
	type StreamPart,
	type Timeouts,
	type WireCall,
	type WireEndpoint,
} from '../spec/index.ts';

/** What a chat goes out through. */
export interface ChatLine {
	readonly wire: WireEndpoint;
	readonly host: ProviderHost;
	readonly timeouts: Timeouts;
}

/** One answer in one piece, whatever the request says of streaming. Throws what the vendor refuses it with. */
export async function callChat(
	{ wire, host, timeouts }: ChatLine,
	asked: ChatRequest,
	context: CallContext,
): Promise<ChatResponse> {
	const call = await chatCall(wire, { ...asked, stream: false }, context);
	const reply = await host.request(call, timeouts, context.signal);
	const body = jsonOrText(reply.body);
	if (reply.status < 200 || reply.status > 299) throw wire.dialect.decodeError(reply.status, reply.headers, body);
	const refused = isObject(body) ? refusalUnderSuccess(wire, reply.headers, body) : undefined;
	if (refused !== undefined) throw refused;
	const { value, warnings } = wire.dialect.decodeResponse(body);
	for (const warning of warnings) context.warn(warning);
	return value;
}

/** One answer in parts, the last of them its end or an error. Throws what the vendor refuses the call with. */
export async function* streamChat(
	{ wire, host, timeouts }: ChatLine,
	asked: ChatRequest,
	context: CallContext,
): AsyncIterable<StreamPart> {
	const { dialect } = wire;
	const call = await chatCall(wire, { ...asked, stream: true }, context);
	const reply = await host.stream(call, dialect, timeouts, context.signal);
	if (reply.body !== undefined) throw dialect.decodeError(reply.status, reply.headers, jsonOrText(reply.body));
	const decoder = dialect.streamDecoder();
	for await (const frame of reply.frames) {
		for (const part of decoder.push(frame)) {
			yield part;
			if (part.type === 'error') return;
			// All of a short answer may have arrived before the signal: the transport has nothing to end then.
			if (context.signal.aborted) throw cancelled(context.signal);
		}
	}
	yield* decoder.end();
}

async function chatCall(wire: WireEndpoint, request: ChatRequest, context: CallContext): Promise<WireCall> {
	const { model } = request;
	const encoded = wire.dialect.encodeRequest(request, { model, traits: wire.traits(model) });
	for (const warning of encoded.warnings) context.warn(warning);
	const changes = wire.bodyChanges(encoded.value, model, (warning) => context.warn(warning));
	const body: JsonObject = changes === null ? encoded.value : { ...encoded.value, ...changes };
	const call = { ...(await wire.call('chat', model, {}, request.stream)), body: JSON.stringify(body) };
	return wire.sign === undefined ? call : wire.sign(call);
}

function cancelled(signal: AbortSignal): RelaisError {
	const reason: unknown = signal.reason;
	return isRelaisError(reason) ? reason : new RelaisError('client_closed', 'the call was cancelled', { cause: reason });
}
