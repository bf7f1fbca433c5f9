import { located } from '../../../src/router/execute/encode.ts';
import { isRelaisError, type JsonObject, type RelaisError, type Translated, type Warning } from '../../../src/spec/index.ts';
import { DIALECT_OF, otherOf } from './canonical.ts';
import type { Answer, SurfaceName } from './recordings.ts';

/** A request put into the words of the other dialect, or the reason why it cannot be. */
export type Crossed = { body: JsonObject; warnings: Warning[]; refused?: never } | { body?: never; refused: RelaisError };

/** A recorded request as its client would put it: Azure names the model in the path. */
export function named(body: JsonObject): JsonObject {
	return body.model === undefined ? { ...body, model: 'from-the-path' } : body;
}

/** Translates a request into the other dialect. */
export function crossRequest(body: JsonObject, from: SurfaceName): Crossed {
	try {
		const decoded = DIALECT_OF[from].decodeRequest(body);
		const encoded: Translated<JsonObject> = DIALECT_OF[otherOf(from)].encodeRequest(decoded.value, {
			model: decoded.value.model,
			traits: {},
		});
		const plain = JSON.parse(JSON.stringify(encoded.value)) as JsonObject;
		const warnings = [...decoded.warnings, ...encoded.warnings];
		return { body: plain, warnings: warnings.map((warning) => located(DIALECT_OF[from], body, warning)) };
	} catch (error) {
		if (isRelaisError(error)) return { refused: error };
		throw error;
	}
}

/** The least one can ask on a surface. */
export function minimalRequest(surface: SurfaceName, model: string, stream: boolean): JsonObject {
	const base: JsonObject = { model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 64 };
	if (!stream) return base;
	return surface === 'chat' ? { ...base, stream, stream_options: { include_usage: true } } : { ...base, stream };
}

/** Whether the answer is to be streamed: as recorded, also where an error came in place of it. */
export function wantsStream(answer: Answer): boolean {
	return answer.streamed || answer.request?.stream === true;
}

/** The recorded request, for the dialect it was recorded in. */
export function ownRequest(answer: Answer, model: string): JsonObject {
	if (answer.request === undefined) return minimalRequest(answer.own, model, answer.streamed);
	return { ...answer.request, model };
}

/** The recorded request in the words of the other surface, where it has such, else the least one can ask. */
export function otherRequest(answer: Answer, model: string): { body: JsonObject; crossed: boolean } {
	const surface = otherOf(answer.own);
	const stream = wantsStream(answer);
	const crossed = answer.request === undefined ? undefined : crossRequest(named(answer.request), answer.own);
	if (crossed?.body === undefined) return { body: minimalRequest(surface, model, stream), crossed: false };
	const { stream: _stream, stream_options: _options, ...rest } = crossed.body;
	if (!stream) return { body: { ...rest, model }, crossed: true };
	const usage = surface === 'chat' ? { stream_options: { include_usage: true } } : {};
	return { body: { ...rest, model, stream, ...usage }, crossed: true };
}
