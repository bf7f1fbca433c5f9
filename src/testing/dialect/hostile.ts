import {
	type ChatRequest,
	type ChatResponse,
	type Dialect,
	type ErrorCode,
	type Frame,
	isRelaisError,
	type JsonValue,
} from '../../spec/index.ts';
import { CheckFailure, describeError, ensure, show } from '../check.ts';
import { RESPONSE_CONTEXT, writeRequest } from './bodies.ts';
import { mutate, type Random, randomFrom, valuesIn } from './random.ts';
import { REQUESTS, responses, type Sample } from './samples.ts';
import { encode, tell } from './streams.ts';

/** How hard to try. */
export interface HostileOptions {
	seed: number;
	rounds: number;
	/** Whether a sample is left out, as the dialect has no form for it. */
	without: (name: string) => boolean;
}

/** Runs something that may fail with a `RelaisError` of these codes and in no other way. */
function tolerate(what: string, input: unknown, codes: ((code: ErrorCode) => boolean) | undefined, run: () => void): void {
	try {
		run();
	} catch (error) {
		if (error instanceof CheckFailure) throw error;
		if (!isRelaisError(error))
			throw new CheckFailure(`${what} of ${show(input)} throws ${describeError(error)}`, { cause: error });
		ensure(codes?.(error.code) ?? true, `${what} of ${show(input)} fails as ${error.code}`);
	}
	ensure(!('polluted' in {}), `${what} of ${show(input)} changes every object's prototype`);
}

const ofRequest = (code: ErrorCode): boolean => code === 'invalid_request' || code === 'unsupported';
const ofAnswer = (code: ErrorCode): boolean => !ofRequest(code) && code !== 'internal' && code !== 'invalid_json';

/** Calls `use` with mutations of the seeds, each up to four changes away from one. */
function vary(
	seeds: readonly JsonValue[],
	{ seed, rounds }: HostileOptions,
	use: (value: JsonValue, random: Random) => void,
): void {
	const random = randomFrom(seed);
	const known = seeds.flatMap(valuesIn);
	for (const value of known.slice(0, rounds)) use(value, random);
	for (let round = 0; round < rounds; round++) {
		let value = seeds[round % seeds.length] ?? null;
		for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) value = mutate(value, known, random);
		use(value, random);
	}
}

/** Paths encoders name. */
const PATHS = ['messages[0].content[0]', 'messages[1].content[0].cache_control', 'tools[0].name', 'reasoning', ''];

export function withstandsRequests(dialect: Dialect, options: HostileOptions): void {
	const taken = REQUESTS.filter(({ name }) => !options.without(name));
	const seeds = taken.map((sample) => writeRequest(dialect, sample.value).body);
	vary(seeds, options, (body) => {
		let read: ChatRequest | undefined;
		tolerate('decodeRequest', body, ofRequest, () => {
			read = dialect.decodeRequest(body).value;
		});
		tolerate('sketch', body, ofRequest, () => void dialect.sketch(body));
		const request = read;
		if (request === undefined) return;
		tolerate('encodeRequest', body, ofRequest, () => void dialect.encodeRequest(request, { model: 'm', traits: {} }));
		for (const path of PATHS)
			tolerate(
				'locate',
				body,
				() => false,
				() => void dialect.locate(body, path),
			);
	});
}

export function withstandsResponses(dialect: Dialect, options: HostileOptions): void {
	const seeds = responses(dialect.name).map(({ value }): JsonValue => dialect.encodeResponse(value, RESPONSE_CONTEXT).value);
	vary(seeds, options, (body) => {
		tolerate('decodeResponse', body, ofAnswer, () => {
			const { value } = dialect.decodeResponse(body);
			dialect.encodeResponse(value, RESPONSE_CONTEXT);
		});
		tolerate('tapResponse', body, ofAnswer, () => void dialect.tapResponse(body));
	});
}

export function withstandsErrors(dialect: Dialect, options: HostileOptions): void {
	const seeds: JsonValue[] = [
		{ error: { message: 'm', type: 't', code: 'c', param: 'p' } },
		{ type: 'error', error: { type: 't', message: 'm' } },
	];
	vary(seeds, options, (body, random) => {
		const status = Math.floor(random() * 700);
		const headers = { 'retry-after': show(body), 'x-should-retry': ['true', 'false'], 'retry-after-ms': '-5' };
		let read: unknown;
		tolerate(
			'decodeError',
			body,
			() => false,
			() => {
				read = dialect.decodeError(status, headers, body);
			},
		);
		ensure(isRelaisError(read), `decodeError of ${show(body)} gives ${show(read)}`);
	});
}

/** Changes some frames of a stream: their JSON, their text, their place. */
function garble(frames: readonly Frame[], known: readonly JsonValue[], random: Random): Frame[] {
	return frames.flatMap((frame) => {
		const dice = random();
		if (dice < 0.7) return [frame];
		if (dice < 0.75) return [];
		if (dice < 0.8) return [frame, frame];
		if (dice < 0.85) return [{ ...frame, data: frame.data.slice(0, Math.floor(random() * frame.data.length)) }];
		if (dice < 0.9) return [{ event: 'nonsense', data: frame.data }];
		let value: JsonValue;
		try {
			value = JSON.parse(frame.data) as JsonValue;
		} catch {
			return [{ ...frame, data: 'nonsense' }];
		}
		return [{ ...frame, data: JSON.stringify(mutate(value, known, random)) }];
	});
}

export function withstandsStreams(dialect: Dialect, options: HostileOptions): void {
	const random = randomFrom(options.seed);
	const samples: readonly Sample<ChatResponse>[] = responses(dialect.name);
	const streams = samples.map(({ value }) => encode(dialect, tell(value)).frames);
	const known = streams.flat().flatMap(({ data }) => (data.startsWith('{') ? valuesIn(JSON.parse(data) as JsonValue) : []));
	for (let round = 0; round < options.rounds; round++) {
		const frames = garble(streams[round % streams.length] ?? [], known, random);
		tolerate('the stream decoder', frames, ofAnswer, () => {
			const decoder = dialect.streamDecoder();
			const encoder = dialect.streamEncoder(RESPONSE_CONTEXT);
			for (const frame of frames) for (const part of decoder.push(frame)) encoder.push(part);
			for (const part of decoder.end()) encoder.push(part);
		});
		tolerate('the tap', frames, ofAnswer, () => {
			const tap = dialect.streamTap({ dropUsage: true });
			for (const frame of frames) tap.frame(frame);
			tap.closing();
		});
	}
}
