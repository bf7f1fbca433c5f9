import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bedrockConverse } from '../../src/dialects/index.ts';
import { AwsEventStreamScanner } from '../../src/lib/aws-event-stream.ts';
import { type Frame, isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { accumulateConverse } from '../support/bedrock/accumulate.ts';

interface Recording {
	id: string;
	api: string;
	request: { path: string; body: JsonObject } | null;
	response: {
		status: number;
		headers: { [name: string]: string };
		body?: JsonValue;
		body_base64?: string;
		chunk_sizes?: number[];
	};
}

/** Recordings are found beside the repository; where they are absent, the fixtures of this repository stand alone. */
const WIRE = join(import.meta.dirname, '../../../shared/wire/bedrock');
const FIXTURES = join(import.meta.dirname, 'fixtures/bedrock-converse');

function load(folder: string): Recording[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording)
		.filter(({ api }) => api === 'converse' || api === 'converse-stream');
}

const recorded = load(WIRE);
const all = [...load(FIXTURES), ...recorded];
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);
const isStream = ({ response }: Recording): boolean => response.body_base64 !== undefined;
const isWhole = ({ response }: Recording): boolean => response.status === 200 && response.body !== undefined;

/** The frames of a stream, cut where the network cut them. */
function framesOf({ response }: Recording, sizes = response.chunk_sizes ?? [1000]): Frame[] {
	const scanner = new AwsEventStreamScanner();
	const body = Buffer.from(response.body_base64 ?? '', 'base64');
	const frames: Frame[] = [];
	for (let at = 0, n = 0; at < body.length; n++) {
		const size = sizes[n % sizes.length] ?? 1;
		frames.push(...scanner.push(body.subarray(at, at + size)));
		at += size;
	}
	expect(scanner.end()).toBeUndefined();
	return frames;
}

function decodeStream(frames: Frame[]): StreamPart[] {
	const decoder = bedrockConverse.streamDecoder();
	return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

describe('Converse traffic', () => {
	test.skipIf(recorded.length === 0)('all recordings are read (skipped where ../shared/wire is absent)', () => {
		expect(recorded.length).toBe(44);
	});

	test.each(names(all.filter((each) => each.request !== null)))('%s: the request comes back exactly', (_, { request, api }) => {
		if (request === null) throw new Error('no request');
		const model = decodeURIComponent(request.path.split('/')[2] ?? '');
		const stream = api === 'converse-stream';
		const { value, warnings } = bedrockConverse.decodeRequest({ ...request.body, model, stream });
		expect(warnings).toEqual([]);
		expect(value).toMatchObject({ model, stream });
		const again = bedrockConverse.encodeRequest(value, { model, traits: {} });
		expect(again.value).toEqual(request.body);
		expect(again.warnings).toEqual([]);
		expect(bedrockConverse.sketch({ ...request.body, model, stream })).toMatchObject({ model, stream });
	});

	test.each(names(all.filter(isWhole)))('%s: the answer comes back exactly', (_, { response }) => {
		const body = response.body ?? null;
		const { value } = bedrockConverse.decodeResponse(body);
		const again = bedrockConverse.encodeResponse(value, CONTEXT);
		expect(again.value).toEqual(body);
		expect(again.warnings).toEqual([]);
		expect(bedrockConverse.tapResponse(body)).toEqual({
			usage: value.usage,
			finish: value.candidates[0]?.stop?.raw,
			model: undefined,
		});
	});

	test.each(names(all.filter(isStream)))('%s: the stream is the same wherever it is cut', (_, recording) => {
		expect(framesOf(recording, [1])).toEqual(framesOf(recording));
		expect(framesOf(recording, [7, 900])).toEqual(framesOf(recording));
	});

	test.each(names(all.filter(isStream)))('%s: the stream comes back, every field of it but padding', (_, recording) => {
		const frames = framesOf(recording);
		const parts = decodeStream(frames);
		expect(parts.at(-1)?.type).toBe('end');
		const encoder = bedrockConverse.streamEncoder(CONTEXT);
		const bytes = Buffer.from(parts.map((part) => encoder.push(part)).join(''), 'latin1');
		const again = new AwsEventStreamScanner().push(bytes);
		expect(accumulateConverse(again)).toEqual(accumulateConverse(frames));
		expect(encoder.warnings()).toEqual([]);
	});

	test.each(names(all.filter(isStream)))('%s: the tap sees what the decoder sees', (_, recording) => {
		const frames = framesOf(recording);
		const tap = bedrockConverse.streamTap({ dropUsage: false });
		for (const frame of frames) expect(tap.frame(frame)).toBe('forward');
		const parts = decodeStream(frames);
		expect(tap.usage).toEqual(parts.findLast((part) => part.type === 'usage')?.usage);
		expect(tap.finish).toBe(parts.find((part) => part.type === 'finish')?.stop.raw);
		expect(tap.started).toBe(true);
		expect(tap.complete).toBe(true);
		expect(tap.outputChars).toBe(
			parts.reduce((sum, part) => {
				if (part.type === 'text-delta' || part.type === 'reasoning-delta') return sum + (part.text?.length ?? 0);
				return part.type === 'tool-input-delta' ? sum + part.input.length : sum;
			}, 0),
		);
	});

	const CODES: { [id: string]: string } = {
		'bedrock-converse-29669759bd0d': 'provider_rejected',
		'bedrock-converse-4dcfea26ba48': 'provider_auth',
		'bedrock-converse-58efc2242498': 'provider_rejected',
		'bedrock-converse-6ab4e6e151eb': 'provider_not_found',
		'bedrock-converse-stream-e90160d42d5d': 'provider_not_found',
	};

	test.each(names(all.filter(({ response }) => response.status >= 400)))(
		'%s: the error has a sensible code',
		(id, { response }) => {
			const error = bedrockConverse.decodeError(response.status, response.headers, response.body ?? null);
			expect(isRelaisError(error)).toBe(true);
			expect(error.code).toBe(CODES[id] ?? 'provider_rejected');
		},
	);
});
