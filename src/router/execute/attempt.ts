import type {
	ChatRequest,
	EncodeResponseContext,
	HeaderMap,
	JsonObject,
	RelaisError,
	Translated,
	Usage,
	Warning,
} from '../../spec/index.ts';
import type { AttemptRecord, RoutedRequest, Target } from '../types.ts';
import { freeTextTools } from './free-text.ts';

/** Most that is held back of a stream before its first visible piece, in bytes (of a module's, in characters). */
export const MAX_HELD = 4 * 1024 * 1024;

/** How one attempt ended. `failed` with `begun` false: nothing reached the client, another target may be tried. */
export type AttemptOutcome =
	| { kind: 'done'; usage: Usage | undefined; finish: string | undefined }
	| { kind: 'failed'; error: RelaisError; begun: boolean; usage: Usage | undefined }
	| { kind: 'cancelled'; usage: Usage | undefined };

/** An attempt's view of the request it serves. */
export interface AttemptContext {
	readonly request: RoutedRequest;
	/** The request in canonical form, decoded on first use. Throws `invalid_request`. */
	canonical(): Translated<ChatRequest>;
	/** Sends status and answer headers; warnings known by then go along. Those the list gets later are in the request's record. */
	begin(target: Target, contentType: string, upstreamHeaders: HeaderMap, warnings: readonly Warning[], length?: number): void;
	/** Unix time in seconds. */
	readonly nowSeconds: number;
}

/** What it takes to put an answer into the client's words. */
export interface Encoding extends EncodeResponseContext {
	/** Tools that take free text: calls of them are told so, whatever the target made of them. */
	freeText?: ReadonlySet<string>;
	/** The dialect whose form the target departs from: its marks are taken off what is said. */
	formless?: string;
}

/** What an encoder of the client's dialect must know of the request. */
export function encodingOf({ request, nowSeconds }: AttemptContext, target: Target): Encoding {
	const { id, sketch, asked } = request;
	const facts = { id, model: target.model, now: nowSeconds, streamUsage: sketch.streamUsage };
	return asked === undefined ? facts : { ...facts, request: asked };
}

/** The same for a translated answer. */
export function translationOf(context: AttemptContext, target: Target): Encoding {
	const encoding = encodingOf(context, target);
	const freeText = freeTextTools(context.canonical().value);
	const wire = target.provider.wire;
	return {
		...encoding,
		...(freeText === undefined ? {} : { freeText }),
		...(wire?.translates === true ? { formless: wire.dialect.name } : {}),
	};
}

/** One try of one target. */
export interface Attempt {
	readonly lane: AttemptRecord['lane'];
	run(): Promise<AttemptOutcome>;
	/** The client left. `run` resolves with `cancelled`. */
	cancel(): void;
}

/** The body with a vendor's changes laid over it; fields changed to `undefined` are gone. */
export function withChanges(body: JsonObject, changes: JsonObject | null): JsonObject {
	return changes === null ? body : { ...body, ...changes };
}
