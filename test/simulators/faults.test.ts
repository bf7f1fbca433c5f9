import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { DEMO_VENDORS, type RunningSimulator } from '../../src/simulators/index.ts';
import { data, events, type Raw, raw } from './raw.ts';
import { eventually, stage } from './support.ts';

// The clock stands still, so that one answer is the same as the next to the last byte.
const scene = stage({
	vendors: [...DEMO_VENDORS, { name: 'sim-gemini', kind: 'gemini' }],
	clock: { ...systemClock, now: () => Date.UTC(2026, 10, 20) },
});

const BODIES: { [kind: string]: object } = {
	openai: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] },
	anthropic: { model: 'claude-sonnet-4-6', max_tokens: 1000, messages: [{ role: 'user', content: 'Hello' }] },
	gemini: { model: 'gemini-2.5-flash', contents: [{ role: 'user', parts: [{ text: 'Hello to all of you out there' }] }] },
};

interface Asked {
	vendor?: string;
	stream?: boolean;
	patience?: number;
	headers?: { [name: string]: string };
}

function ask(fault: string, { vendor = 'sim-openai', stream = true, patience = 5000, headers = {} }: Asked = {}): Promise<Raw> {
	const simulator: RunningSimulator = scene.vendor(vendor);
	const sent = fault === '' ? headers : { 'x-sim-fault': fault, ...headers };
	return raw(simulator, { body: { ...BODIES[simulator.kind], stream }, headers: sent, patience });
}

const BOTH = ['sim-openai', 'sim-anthropic'];
const ALL = [...BOTH, 'sim-gemini'];
const EACH = ALL.flatMap((vendor) => [
	{ vendor, stream: true },
	{ vendor, stream: false },
]);

/** What makes a stream whole, by vendor. */
const ENDS: { [vendor: string]: string } = {
	'sim-openai': 'data: [DONE]',
	'sim-anthropic': '"type":"message_stop"',
	'sim-gemini': '"finishReason"',
};

describe('errors by status', () => {
	const openai = [
		[400, OpenAI.BadRequestError],
		[401, OpenAI.AuthenticationError],
		[403, OpenAI.PermissionDeniedError],
		[404, OpenAI.NotFoundError],
		[413, OpenAI.APIError],
		[422, OpenAI.UnprocessableEntityError],
		[429, OpenAI.RateLimitError],
		[500, OpenAI.InternalServerError],
		[503, OpenAI.InternalServerError],
	] as const;
	it.each(openai)('%i reaches the OpenAI client as its own class', async (status, Class) => {
		const asked = scene
			.openai()
			.chat.completions.create(
				{ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] },
				{ headers: { 'x-sim-fault': String(status) } },
			);
		const error = await asked.catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(Class);
		expect(error).toMatchObject({
			status,
			requestID: expect.stringMatching(/^req_/),
			message: expect.stringContaining(`${status} `),
		});
	});

	const anthropic = [
		[400, Anthropic.BadRequestError, 'invalid_request_error'],
		[401, Anthropic.AuthenticationError, 'authentication_error'],
		[403, Anthropic.PermissionDeniedError, 'permission_error'],
		[404, Anthropic.NotFoundError, 'not_found_error'],
		[413, Anthropic.APIError, 'request_too_large'],
		[429, Anthropic.RateLimitError, 'rate_limit_error'],
		[500, Anthropic.InternalServerError, 'api_error'],
		[529, Anthropic.InternalServerError, 'overloaded_error'],
	] as const;
	it.each(anthropic)('%i reaches the Anthropic client as its own class', async (status, Class, type) => {
		const asked = scene
			.anthropic()
			.messages.create(
				{ model: 'claude-sonnet-4-6', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] },
				{ headers: { 'x-sim-fault': String(status) } },
			);
		const error = await asked.catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(Class);
		expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^req_/) });
	});

	it('come with a time to wait only where it is asked for, in seconds or in ms', async () => {
		const wait = async (fault: string, vendor: string) => {
			const { headers } = await ask(fault, { vendor });
			return [headers['retry-after'], headers['retry-after-ms']];
		};
		for (const vendor of BOTH) {
			expect(await wait('429', vendor)).toEqual([undefined, undefined]);
			expect(await wait('429;retry_after=7', vendor)).toEqual(['7', undefined]);
			expect(await wait('503&retry-after-ms=1500', vendor)).toEqual(['2', '1500']);
		}
	});

	it('of Gemini name the wait in their details and in no header', async () => {
		const limited = await ask('429;retry_after=7', { vendor: 'sim-gemini' });
		expect([limited.status, limited.headers['retry-after']]).toEqual([429, undefined]);
		const { error } = JSON.parse(limited.text);
		expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
		expect(error.details).toContainEqual({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' });
		const quota = JSON.parse((await ask('quota', { vendor: 'sim-gemini' })).text).error;
		expect(quota).toMatchObject({ code: 429, message: expect.stringContaining('exceeded your current quota') });
		expect(JSON.stringify(quota.details)).toContain('PerDay');
	});

	it.each([
		[400, 'INVALID_ARGUMENT'],
		[403, 'PERMISSION_DENIED'],
		[404, 'NOT_FOUND'],
		[429, 'RESOURCE_EXHAUSTED'],
		[500, 'INTERNAL'],
		[503, 'UNAVAILABLE'],
		[504, 'DEADLINE_EXCEEDED'],
	])('%i reaches the client of Gemini with its name', async (status, name) => {
		const asked = scene.gemini().models.generateContent({
			model: 'gemini-2.5-flash',
			contents: 'Hello',
			config: { httpOptions: { headers: { 'x-sim-fault': String(status) } } },
		});
		await expect(asked).rejects.toMatchObject({ name: 'ApiError', status, message: expect.stringContaining(name) });
	});

	it('say that nothing is left of the limit', async () => {
		expect((await ask('429')).headers['x-ratelimit-remaining-requests']).toBe('0');
		expect((await ask('429', { vendor: 'sim-anthropic' })).headers['anthropic-ratelimit-requests-remaining']).toBe('0');
	});

	it('tell an empty account from a limit', async () => {
		const quota = await ask('quota');
		expect([quota.status, JSON.parse(quota.text).error.code]).toEqual([429, 'insufficient_quota']);
		const balance = await ask('quota', { vendor: 'sim-anthropic' });
		expect([balance.status, JSON.parse(balance.text).error.message]).toEqual([
			400,
			expect.stringContaining('credit balance is too low'),
		]);
	});
});

describe.each(EACH)('instead of an answer ($vendor, stream: $stream)', (setting) => {
	it('comes a page of a proxy', async () => {
		const page = await ask('502-html', setting);
		expect([page.status, page.headers['content-type']]).toEqual([502, 'text/html']);
		expect(page.text).toContain('<h1>502 Bad Gateway</h1>');
	});

	it('comes a page under status 200', async () => {
		const page = await ask('html-200', setting);
		expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html']);
	});

	it('comes nothing under status 200', async () => {
		expect(await ask('empty-200', setting)).toMatchObject({ status: 200, text: '', ending: 'end' });
	});

	it('comes an error under status 200', async () => {
		const answer = await ask('error-200', setting);
		expect(answer.status).toBe(200);
		expect(JSON.parse(answer.text)).toHaveProperty('error.message');
	});

	it('comes a reset before the headers', async () => {
		expect(await ask('reset', setting)).toMatchObject({ status: 0, error: 'ECONNRESET' });
	});

	it('comes a reset after the headers', async () => {
		expect(await ask('reset-after-headers', setting)).toMatchObject({ status: 200, text: '', ending: 'broken' });
	});

	it('comes nothing at all, until the client leaves', async () => {
		expect(await ask('silence', { ...setting, patience: 300 })).toMatchObject({ status: 0, ending: 'silent' });
		await eventually(() => scene.simulators.bill()[0]?.disconnected === true);
		expect(scene.simulators.bill()[0]).toMatchObject({ fault: 'silence', status: 0, usage: null });
	});
});

describe.each(ALL)('a stream of %s', (vendor) => {
	it('is whole without a fault', async () => {
		const answer = await ask('', { vendor });
		expect(answer).toMatchObject({ status: 200, ending: 'end', text: expect.stringContaining(ENDS[vendor] ?? '') });
		expect(answer.headers).toMatchObject({
			'x-relais-simulated': vendor,
			'content-type': expect.stringMatching(/^text\/event-stream/),
		});
	});

	it('is cut after two thirds, or where it is asked to be', async () => {
		const all = events((await ask('', { vendor })).text).length;
		const cut = await ask('cut', { vendor });
		expect(cut.ending).toBe('broken');
		expect(events(cut.text)).toHaveLength(Math.floor((all * 2) / 3));
		expect(events((await ask('cut;fraction=0.2', { vendor })).text)).toHaveLength(Math.floor(all * 0.2));
	});

	it('stalls half way with the connection open', async () => {
		const all = events((await ask('', { vendor })).text).length;
		const stalled = await ask('stall', { vendor, patience: 300 });
		expect(stalled.ending).toBe('silent');
		expect(events(stalled.text)).toHaveLength(Math.floor(all / 2));
		await eventually(() => scene.simulators.bill()[1]?.disconnected === true);
	});

	it('has one event that is not JSON', async () => {
		const { text, ending } = await ask('malformed', { vendor });
		expect(data(text).filter((event) => event === undefined)).toHaveLength(1);
		expect([ending, text.includes(ENDS[vendor] ?? '')]).toEqual(['end', true]);
	});

	it('ends cleanly without its end', async () => {
		const { text, ending } = await ask('missing-end', { vendor });
		expect(ending).toBe('end');
		expect(text).not.toContain(ENDS[vendor]);
		expect(text).not.toMatch(/"(finish|stop)_reason":"/);
	});

	it('turns into an error, half way or at once', async () => {
		const half = await ask('error-event', { vendor });
		expect(data(half.text).at(-1)).toHaveProperty('error.message');
		expect(data(half.text).length).toBeGreaterThan(3);
		expect([half.ending, half.text.includes(ENDS[vendor] ?? '')]).toEqual(['end', false]);
		expect(data((await ask('error-event;fraction=0', { vendor })).text)).toHaveLength(1);
	});

	it('holds a line of 10 MB', async () => {
		const { text } = await ask('huge-line', { vendor });
		expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(10_000_000);
		expect(data(text).every((event) => event !== undefined)).toBe(true);
	});

	it('can be split at every byte, with CR LF and with comments, and still says the same', async () => {
		const plain = (await ask('', { vendor })).text;
		const split = await ask('split=1', { vendor });
		expect(split.text).toBe(plain);
		expect(split.reads).toBeGreaterThan(plain.length / 4);
		expect((await ask('crlf', { vendor })).text).toBe(plain.replaceAll(/\r?\n/g, '\r\n'));
		const commented = (await ask('comments', { vendor })).text;
		expect(commented).not.toBe(plain);
		expect(commented.replaceAll(/^:.*\n(?:\n)?/gm, '')).toBe(plain);
	});

	it('starts late, the headers at once or late too', async () => {
		const late = await ask('slow-first-token;ms=150', { vendor });
		expect(late.bodyAfter - late.headersAfter).toBeGreaterThan(75);
		expect(late.bodyAfter).toBeGreaterThanOrEqual(149);
		const later = await ask('slow-first-token;ms=150;headers=late', { vendor });
		expect(later.headersAfter).toBeGreaterThanOrEqual(149);
		expect(later.ending).toBe('end');
	});
});

describe.each(ALL)('an answer of %s in one piece', (vendor) => {
	const one = { vendor, stream: false };

	it('is cut, stalls, or closes early', async () => {
		const whole = await ask('', one);
		const length = Buffer.byteLength(whole.text);
		for (const [fault, fraction, ending] of [
			['cut', 2 / 3, 'broken'],
			['early-close', 0.5, 'broken'],
			['stall', 0.5, 'silent'],
		] as const) {
			const answer = await ask(fault, { ...one, patience: 300 });
			expect([answer.ending, Buffer.byteLength(answer.text)]).toEqual([ending, Math.floor(length * fraction)]);
			expect(answer.headers['content-length']).toBe(String(length));
		}
	});

	it('is not JSON', async () => {
		const { text, ending } = await ask('malformed', one);
		expect(ending).toBe('end');
		expect(() => JSON.parse(text)).toThrow(SyntaxError);
	});

	it('announces a length that is too small, or too large', async () => {
		const whole = Buffer.byteLength((await ask('', one)).text);
		expect((await ask('content-length', one)).headers['content-length']).toBe(String(whole - 20));
		const waiting = await ask('content-length;by=100', { ...one, patience: 300 });
		expect([waiting.headers['content-length'], waiting.ending]).toEqual([String(whole + 100), 'silent']);
	});

	it('holds 10 MB on its one line', async () => {
		expect(JSON.parse((await ask('huge-line', one)).text).padding).toHaveLength(10_000_000);
	});

	it('comes byte by byte', async () => {
		const { text, reads } = await ask('split=1', one);
		expect(Object.keys(JSON.parse(text)).join()).toContain('usage');
		expect(reads).toBeGreaterThan(text.length / 4);
	});

	it('comes late', async () => {
		const late = await ask('', { ...one, headers: { 'x-sim-latency-ms': '120' } });
		expect(late.headersAfter).toBeGreaterThanOrEqual(119);
	});
});

describe('the pace and size of a stream', () => {
	const texts = (text: string) => data(text).filter((event) => /"content":"[^"]/.test(JSON.stringify(event)));

	it('has as many deltas as asked for, one in so many ms', async () => {
		const answer = await ask('', { headers: { 'x-sim-chunks': '20', 'x-sim-chunk-ms': '10' } });
		expect(texts(answer.text)).toHaveLength(20);
		await eventually(() => scene.simulators.bill()[0]?.completed === true);
		expect(scene.simulators.bill()[0]?.durationMs).toBeGreaterThanOrEqual(199);
	});

	it('has so many tokens a second', async () => {
		const answer = await ask('', { headers: { 'x-sim-tokens-per-second': '100' } });
		expect(answer.ending).toBe('end');
		// 17 tokens in all.
		await eventually(() => scene.simulators.bill()[0]?.durationMs !== null);
		expect(scene.simulators.bill()[0]?.durationMs).toBeGreaterThanOrEqual(160);
	});

	it('has so many bytes of text', async () => {
		for (const bytes of [10, 5000]) {
			const answer = await ask('', { stream: false, headers: { 'x-sim-answer-bytes': String(bytes) } });
			expect(Buffer.byteLength(JSON.parse(answer.text).choices[0].message.content)).toBe(bytes);
		}
	});
});

describe('who sets a fault', () => {
	const named = (model: string) =>
		raw(scene.vendor('sim-openai'), { body: { model, messages: [{ role: 'user', content: 'Hello' }] }, patience: 3000 });

	it("the model's name", async () => {
		expect((await named('gpt-4o#fault=503')).status).toBe(503);
		expect((await named('gpt-4o#429&retry_after=3')).headers['retry-after']).toBe('3');
		const answer = await named('gpt-4o#answer_bytes=100');
		expect(JSON.parse(answer.text)).toMatchObject({ model: 'gpt-4o-2024-08-06' });
		expect(scene.simulators.bill()[0]).toMatchObject({ model: 'gpt-4o', fault: '503', status: 503 });
	});

	it("the model's name in a path", async () => {
		const body = { model: 'gemini-2.5-flash#503', contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
		expect((await raw(scene.vendor('sim-gemini'), { body })).status).toBe(503);
		expect(scene.simulators.bill()[0]).toMatchObject({ model: 'gemini-2.5-flash', fault: '503' });
	});

	it("the model's name, for the first time only", async () => {
		const statuses = [];
		for (let i = 0; i < 3; i++) statuses.push((await named('gpt-4o#fault=500&times=2')).status);
		expect(statuses).toEqual([500, 500, 200]);
	});

	it('a control that does not exist is an error that says so', async () => {
		const unknown = await named('gpt-4o#fault=explode');
		expect([unknown.status, JSON.parse(unknown.text).error.message]).toEqual([400, 'the simulators know no fault "explode"']);
		expect((await named('gpt-4o#speed=3')).text).toContain('know no control');
		expect((await named('gpt-4o#chunks=many')).text).toContain('needs a number');
	});

	async function admin(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
		const response = await fetch(`${scene.simulators.adminUrl}${path}`, {
			method,
			...(body ? { body: JSON.stringify(body) } : {}),
		});
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	}

	it('an admin call, for a vendor, a model, a number of times, after others', async () => {
		expect(
			(await admin('POST', '/faults', { vendor: 'sim-openai', model: 'gpt-4o', fault: 503, times: 1, after: 1 })).status,
		).toBe(201);
		expect((await named('gpt-4.1')).status).toBe(200);
		expect((await ask('', { vendor: 'sim-anthropic' })).status).toBe(200);
		expect([(await named('gpt-4o')).status, (await named('gpt-4o')).status, (await named('gpt-4o')).status]).toEqual([
			200, 503, 200,
		]);
		expect((await admin('GET', '/faults')).body).toEqual({ rules: [] });
	});

	it('an admin call, until another takes it back', async () => {
		await admin('POST', '/faults', { fault: 'cut', latency_ms: 1 });
		expect((await ask('')).ending).toBe('broken');
		await admin('DELETE', '/faults');
		expect((await ask('')).ending).toBe('end');
	});

	it('an admin call for the model list, which chat requests do not feel', async () => {
		await admin('POST', '/faults', { vendor: 'sim-openai', endpoint: 'models', fault: '500' });
		expect((await named('gpt-4o')).status).toBe(200);
		await expect(scene.openai().models.list()).rejects.toMatchObject({ status: 500 });
	});

	it('not an admin call that makes no sense', async () => {
		expect((await admin('POST', '/faults', { fault: 'explode' })).status).toBe(400);
		expect((await admin('POST', '/faults', { vendor: 'nobody', fault: '500' })).status).toBe(400);
		expect((await admin('POST', '/faults', { fault: '500', colour: 'red' })).body.error).toContain('know no control');
		expect((await admin('GET', '/nowhere')).status).toBe(404);
	});

	it('an admin call shows the bill and wipes it', async () => {
		await ask('');
		await eventually(() => scene.simulators.bill()[0]?.durationMs !== null);
		const { body } = await admin('GET', '/requests');
		expect(body).toMatchObject({
			requests: [
				{
					vendor: 'sim-openai',
					model: 'gpt-4o',
					status: 200,
					completed: true,
					disconnected: false,
					usage: { inputTokens: 8, outputTokens: 17 },
				},
			],
			totals: { requests: 1, inputTokens: 8, outputTokens: 17 },
		});
		await admin('POST', '/reset');
		expect(scene.simulators.bill()).toEqual([]);
	});
});

describe('many at once', () => {
	it('300 streams run beside each other, each whole', async () => {
		const headers = { 'x-sim-chunks': '10', 'x-sim-chunk-ms': '20' };
		const answers = await Promise.all(
			Array.from({ length: 300 }, (_, i) => ask('', { vendor: BOTH[i % 2] ?? '', headers, patience: 15_000 })),
		);
		expect(answers.every((answer) => answer.ending === 'end')).toBe(true);
		await eventually(() => scene.simulators.bill().every((row) => row.completed));
		expect(scene.simulators.bill()).toHaveLength(300);
		expect(new Set(scene.simulators.bill().map((row) => row.requestId)).size).toBe(300);
	});
});

describe('a stream of Gemini that is a JSON array', () => {
	const array = async (fault: string) => {
		const { baseUrl, apiKey } = scene.vendor('sim-gemini');
		const answer = await fetch(`${baseUrl}/models/gemini-2.5-flash:streamGenerateContent?key=${apiKey}`, {
			method: 'POST',
			headers: fault === '' ? {} : { 'x-sim-fault': fault },
			body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello to all of you out there' }] }] }),
		});
		return answer.text();
	};

	it('is whole, turns into an error that closes it, or ends unclosed', async () => {
		expect(JSON.parse(await array('')).at(-1)).toHaveProperty('candidates[0].finishReason', 'STOP');
		expect(JSON.parse(await array('error-event')).at(-1)).toMatchObject({ error: { status: 'UNAVAILABLE' } });
		expect(JSON.parse(await array('error-event;fraction=0'))).toMatchObject([{ error: { code: 503 } }]);
		expect((await array('missing-end')).trimEnd().endsWith(']')).toBe(false);
	});
});

describe('a stream of the Responses API', () => {
	const stream = async (fault: string) => {
		const headers: { [name: string]: string } = fault === '' ? {} : { 'x-sim-fault': fault };
		const answer = await scene.post('sim-openai', '/responses', { model: 'gpt-4o', input: 'Hello', stream: true }, headers);
		return data(await answer.text());
	};

	it('turns into an error event that goes on counting', async () => {
		const spoiled = await stream('error-event');
		expect(spoiled.at(-1)).toMatchObject({ type: 'error', sequence_number: spoiled.length - 1, error: { code: 'server_error' } });
		expect(await stream('error-event;fraction=0')).toMatchObject([{ type: 'error', sequence_number: 0 }]);
	});

	it('ends cleanly without its end, or holds a huge event', async () => {
		expect((await stream('')).at(-1)).toMatchObject({ type: 'response.completed' });
		expect((await stream('missing-end')).at(-1)).toMatchObject({ type: 'response.output_item.done' });
		expect(JSON.stringify(await stream('huge-line;bytes=100000')).length).toBeGreaterThan(100_000);
	});
});
