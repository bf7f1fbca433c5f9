import { dialectByName } from '../../dialects/index.ts';
import { frameScanner } from '../../lib/frame-scanner.ts';
import { uuidv7 } from '../../lib/ids.ts';
import { isObject, tryParse } from '../../lib/json.ts';
import { reasonOf } from '../../lib/reason.ts';
import { plan, type ReplySink, type RequestRecord, type Target } from '../../router/index.ts';
import {
	type ChatRequest,
	type ContentPart,
	type Dialect,
	isRelaisError,
	RelaisError,
	type StreamPart,
	type Usage,
} from '../../spec/index.ts';
import { costOf } from './cost.ts';
import type { OpenEngine } from './open.ts';

/** The wire format the command speaks with the engine: the one most vendors speak, so that most answers pass through. */
const SURFACE = 'openai-chat';

/** What became of a question. Times in ms from the start; undefined where it never came to that. */
export interface Answered {
	outcome: RequestRecord['outcome'];
	/** What answered, or was tried last. */
	target: Target | undefined;
	attempts: number;
	usage: Usage | undefined;
	/** USD; null: not known. */
	costUsd: number | null;
	/** Until the first text, reasoning or tool input. */
	firstTokenMs: number | undefined;
	totalMs: number;
	error: RelaisError | undefined;
	warnings: string[];
}

/** What to tell while an answer comes. */
export interface AskOptions {
	/** Parts of a streamed answer as they come; a whole answer comes as blocks without deltas. */
	onPart(part: StreamPart): void;
	signal: AbortSignal;
}

/**
 * Sends a question through the engine, as a client of `relais serve` would, and waits for the end. Failures of providers come back
 * in the answer; throws `model_not_found` for a name that stands for nothing.
 */
export async function ask(engine: OpenEngine, request: ChatRequest, options: AskOptions): Promise<Answered> {
	const { relais } = engine;
	const surface = dialectByName(SURFACE);
	const body = surface.encodeRequest(request, { model: request.model, traits: {} }).value;
	const sketch = surface.sketch(body);
	const planned = plan(sketch, relais.state.table, undefined);
	const id = uuidv7();
	const started = performance.now();
	let firstTokenMs: number | undefined;
	const collector = new Collector(surface, request.stream, (part) => {
		if (isContent(part)) firstTokenMs ??= performance.now() - started;
		options.onPart(part);
	});
	const over = new Promise<RequestRecord>((resolve) => engine.onRecord(id, resolve));
	const execution = relais.start(
		{
			id,
			surface,
			operation: 'chat',
			body,
			raw: Buffer.from(JSON.stringify(body)),
			sketch,
			clientHeaders: {},
			plan: planned,
			sink: collector,
		},
		{ name: undefined, mayUse: () => true },
	);
	const cancel = (): void => execution.cancel();
	options.signal.addEventListener('abort', cancel, { once: true });
	if (options.signal.aborted) cancel();
	const record = await over;
	options.signal.removeEventListener('abort', cancel);
	const label = record.attempts.at(-1)?.target;
	const target = planned.targets.find((candidate) => candidate.label === label);
	const error = record.error ?? collector.error;
	return {
		outcome: error !== undefined && record.outcome === 'completed' ? 'interrupted' : record.outcome,
		target,
		attempts: record.attempts.length,
		usage: record.usage,
		costUsd: costOf(record.usage, target?.info),
		firstTokenMs,
		totalMs: performance.now() - started,
		error,
		warnings: record.warnings.map((warning) => warning.message),
	};
}

function isContent(part: StreamPart): boolean {
	if (part.type === 'text-delta') return part.text !== '';
	if (part.type === 'reasoning-delta') return (part.text ?? part.summary ?? '') !== '';
	if (part.type === 'tool-input-delta') return part.input !== '';
	return part.type === 'block-start' && part.content.type === 'tool-call';
}

/** Takes the place of the client's connection: reads the answer as a client would. */
class Collector implements ReplySink {
	onDrain: (() => void) | undefined;
	closed = false;
	/** Set when the answer cannot be read. */
	error: RelaisError | undefined;
	readonly #surface: Dialect;
	readonly #stream: boolean;
	readonly #tell: (part: StreamPart) => void;
	readonly #scanner;
	readonly #decoder;
	readonly #whole: Buffer[] = [];
	#status = 0;

	constructor(surface: Dialect, stream: boolean, tell: (part: StreamPart) => void) {
		this.#surface = surface;
		this.#stream = stream;
		this.#tell = tell;
		this.#scanner = frameScanner(surface.framing);
		this.#decoder = surface.streamDecoder();
	}

	begin(status: number): void {
		this.#status = status;
	}

	write(data: string | Uint8Array): boolean {
		const bytes = Buffer.from(data);
		if (this.#status === 200 && this.#stream) this.#read(bytes);
		else this.#whole.push(bytes);
		return true;
	}

	end(data?: string | Uint8Array): void {
		if (data !== undefined) this.write(data);
		this.closed = true;
		if (this.#status !== 200) return;
		this.#guard(() => {
			if (this.#stream) for (const part of this.#decoder.end()) this.#take(part);
			else this.#show();
		});
	}

	#read(bytes: Buffer): void {
		this.#guard(() => {
			for (const frame of this.#scanner.push(bytes)) for (const part of this.#decoder.push(frame)) this.#take(part);
		});
	}

	#take(part: StreamPart): void {
		if (part.type === 'error') this.error = part.error;
		else this.#tell(part);
	}

	/** A whole answer, told as blocks. */
	#show(): void {
		const body = tryParse(Buffer.concat(this.#whole).toString('utf8'));
		const { value } = this.#surface.decodeResponse(isObject(body) ? body : {});
		let block = 0;
		for (const content of value.candidates[0]?.content ?? []) this.#tellBlock(block++, content);
	}

	#tellBlock(block: number, content: ContentPart): void {
		this.#tell({ type: 'block-start', block, candidate: 0, content });
		this.#tell({ type: 'block-end', block });
	}

	/** What cannot be read is an error of the answer, not of the program. */
	#guard(work: () => void): void {
		if (this.error !== undefined) return;
		try {
			work();
		} catch (error) {
			this.error = isRelaisError(error) ? error : new RelaisError('internal', reasonOf(error), { cause: error });
		}
	}
}
