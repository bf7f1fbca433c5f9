import { isObject } from '../../lib/json.ts';
import type { ChatRequest, ChatResponse, Dialect, EncodeResponseContext, JsonValue, Warning } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { request as requestShape, response as responseShape } from '../shapes.ts';
import { ensureKept, ensureSame, frozen, onTheWire } from './compare.ts';
import { requestEssence, responseEssence } from './essence.ts';
import type { Sample } from './samples.ts';

const MODEL = 'target-model';

export const RESPONSE_CONTEXT: EncodeResponseContext = {
	model: 'the-model',
	now: 1_700_000_000,
	id: 'fallback-id',
	streamUsage: true,
};

/** A request in the dialect. */
export interface WrittenRequest {
	/** What the dialect writes. */
	wire: JsonValue;
	/** What a surface hands to the dialect: with model and stream, where those stand in the address. */
	body: JsonValue;
	warnings: Warning[];
}

export function writeRequest(dialect: Dialect, request: ChatRequest): WrittenRequest {
	const encoded = dialect.encodeRequest(frozen(request), { model: MODEL, traits: {} });
	const wire = onTheWire(encoded, 'the request');
	const body = dialect.modelInPath === true ? { ...encoded.value, model: MODEL, stream: request.stream } : wire;
	return { wire, body, warnings: encoded.warnings };
}

/** A request written, read and written again says what it said. */
export function carriesRequest(dialect: Dialect, sample: Sample<ChatRequest>): void {
	const { wire, body, warnings } = writeRequest(dialect, sample.value);
	const decoded = dialect.decodeRequest(frozen(body));
	ensureNone(requestShape(decoded.value, 'the request'));
	ensure(decoded.value.model === MODEL, `the request is for the model ${show(decoded.value.model)}, not for the target's`);
	ensureKept(sample, requestEssence(sample.value), requestEssence(decoded.value), warnings);
	ensure(decoded.warnings.length === 0, `reading what was written warns of ${show(decoded.warnings)}`);
	ensureSame(wire, writeRequest(dialect, decoded.value).wire, 'the request');
}

const STEPS = /\[(\d+)\]|([^.[\]]+)/g;

/** The value at a path such as `messages[2].content[0]`. */
function valueAt(body: JsonValue, path: string): JsonValue | undefined {
	let value: JsonValue | undefined = body;
	for (const [, index, key] of path.matchAll(STEPS)) {
		if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined;
		else value = isObject(value) ? value[key ?? ''] : undefined;
	}
	return value;
}

/** Paths of the canonical request lead to something in the body it was read from. */
export function locatesParts(dialect: Dialect, sample: Sample<ChatRequest>): void {
	const { body } = writeRequest(dialect, sample.value);
	const { messages, tools = [] } = dialect.decodeRequest(body).value;
	const parts = messages.flatMap(({ content }, m) => content.map((_, p) => `messages[${m}].content[${p}]`));
	for (const path of [...parts, ...tools.map((_, index) => `tools[${index}]`)]) {
		const place = dialect.locate(frozen(body), path);
		ensure(valueAt(body, place) !== undefined, `${path} is said to stand at ${show(place)}, where there is nothing`);
	}
	const unknown = 'no_such_field[3].at_all';
	ensure(
		dialect.locate(body, unknown) === unknown,
		`a path it does not know comes back as ${show(dialect.locate(body, unknown))}`,
	);
}

/** The router's quick look at a body sees what reading all of it does. */
export function sketchesRequest(dialect: Dialect, sample: Sample<ChatRequest>): void {
	const { body } = writeRequest(dialect, sample.value);
	const sketch = dialect.sketch(frozen(body));
	const { value } = dialect.decodeRequest(body);
	const parts = value.messages.flatMap((message) => message.content);
	const has = (type: string): boolean => parts.some((part) => part.type === type);
	const expected = {
		model: value.model,
		stream: value.stream,
		tools: (value.tools ?? []).length > 0,
		images: has('image'),
		audio: has('audio'),
		documents: has('document'),
		jsonSchema: value.output?.type === 'json_schema',
		maxOutputTokens: value.maxOutputTokens,
		user: value.user,
	};
	for (const [field, found] of Object.entries(expected)) {
		const seen = sketch[field as keyof typeof expected];
		ensure(seen === found, `the sketch says ${field}: ${show(seen)}, the request ${show(found)}`);
	}
	if (value.stream)
		ensure(sketch.streamUsage === (value.streamUsage ?? true), `the sketch says streamUsage: ${sketch.streamUsage}`);
	const characters = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0);
	const tokens = sketch.inputTokens;
	ensure(Number.isFinite(tokens) && tokens >= characters / 10, `the sketch counts ${tokens} tokens for ${characters} characters`);
}

/** A whole answer written, read and written again says what it said. */
export function carriesResponse(dialect: Dialect, sample: Sample<ChatResponse>): void {
	const encoded = dialect.encodeResponse(frozen(sample.value), RESPONSE_CONTEXT);
	const body = onTheWire(encoded, 'the answer');
	const decoded = dialect.decodeResponse(frozen(body));
	ensureNone(responseShape(decoded.value, 'the answer'));
	ensureKept(sample, responseEssence(sample.value), responseEssence(decoded.value), encoded.warnings);
	const again = dialect.encodeResponse(frozen(decoded.value), RESPONSE_CONTEXT);
	ensureSame(body, onTheWire(again, 'the answer'), 'the answer');
	ensureTapped(dialect, sample, body);
}

/** The pass-through lane reads the same bill from the same bytes. */
function ensureTapped(dialect: Dialect, sample: Sample<ChatResponse>, body: Parameters<Dialect['tapResponse']>[0]): void {
	const { usage, finish, model } = dialect.tapResponse(frozen(body));
	const { inputTokens, outputTokens } = sample.value.usage ?? {};
	ensure(
		usage?.inputTokens === inputTokens && usage?.outputTokens === outputTokens,
		`the tap reads ${show(usage)} where the answer used ${inputTokens} and ${outputTokens} tokens`,
	);
	ensure(typeof finish === 'string' && finish !== '', 'the tap reads no finish reason');
	ensure(model === sample.value.model, `the tap reads the model ${show(model)}`);
}
