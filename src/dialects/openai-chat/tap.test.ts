import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../spec/index.ts';
import { streamTap } from './tap.ts';

const ENVELOPE = { id: 'a', object: 'chat.completion.chunk', created: 1, model: 'm-1' };
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function chunk(delta: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): string {
	return JSON.stringify({
		...ENVELOPE,
		choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }],
		usage: null,
		...more,
	});
}

const FINISH = chunk({}, { finish_reason: 'stop' });
const USAGE_ONLY = JSON.stringify({ ...ENVELOPE, choices: [], usage: USAGE });

function tapped(payloads: string[], dropUsage = false) {
	const tap = streamTap({ dropUsage });
	const verdicts = payloads.map((data) => tap.frame({ event: '', data }));
	return { tap, verdicts };
}

describe('a stream that passes through', () => {
	test('has started once a user would see something', () => {
		const { tap } = tapped([chunk({ role: 'assistant', content: '' })]);
		expect(tap.started).toBe(false);
		expect(tap.model).toBe('m-1');
		for (const delta of [
			{ content: 'x' },
			{ reasoning: 'x' },
			{ reasoning_content: 'x' },
			{ refusal: 'x' },
			{ tool_calls: [{ index: 0 }] },
		]) {
			expect(tapped([chunk(delta)]).tap.started).toBe(true);
		}
	});

	test('is complete with a finish reason for every candidate, or with the end mark', () => {
		const other = chunk({ content: 'y' }, { index: 1 });
		expect(tapped([chunk({ content: 'x' })]).tap.complete).toBe(false);
		expect(tapped([chunk({ content: 'x' }), FINISH]).tap.complete).toBe(true);
		expect(tapped([chunk({ content: 'x' }), other, FINISH]).tap.complete).toBe(false);
		expect(tapped([chunk({ content: 'x' }), '[DONE]']).tap.complete).toBe(true);
	});

	test('notices a candidate that appears later', () => {
		const late = [chunk({ content: 'a' }), chunk({ content: 'b' }), chunk({ content: 'x' }, { index: 1 }), FINISH];
		expect(tapped(late).tap.complete).toBe(false);
		expect(tapped([...late, chunk({}, { index: 1, finish_reason: 'length' })]).tap).toMatchObject({
			complete: true,
			finish: 'stop',
		});
	});

	test('gets the end mark its vendor left out, and no second one', () => {
		expect(tapped([chunk({ content: 'x' }), FINISH]).tap.closing()).toBe('data: [DONE]\n\n');
		expect(tapped([chunk({ content: 'x' }), FINISH, '[DONE]']).tap.closing()).toBe('');
		expect(tapped([chunk({ content: 'x' })]).tap.closing()).toBe('');
	});

	test('keeps the usage that only Relais asked for from the client', () => {
		const { tap, verdicts } = tapped([chunk({ content: 'x' }), FINISH, USAGE_ONLY, '[DONE]'], true);
		expect(verdicts).toEqual(['forward', 'forward', 'drop', 'forward']);
		expect(tap.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
		expect(tapped([chunk({ content: 'x' }), FINISH, USAGE_ONLY]).verdicts).toEqual(['forward', 'forward', 'forward']);
	});

	test('never loses a chunk for the usage beside its choices, nor a verdict on the prompt', () => {
		const beside = chunk({}, { finish_reason: 'stop' }, { usage: USAGE });
		const verdict = JSON.stringify({ id: '', choices: [], prompt_filter_results: [] });
		const { tap, verdicts } = tapped([verdict, chunk({ content: 'x' }), beside], true);
		expect(verdicts).toEqual(['forward', 'forward', 'forward']);
		expect(tap.usage?.outputTokens).toBe(2);
	});

	test('reads usage of every kind, with any spacing', () => {
		const spaced =
			'{"id": "a", "choices" : [{"index" : 0, "delta" : {}, "finish_reason" : "stop"}], "usage" : {"prompt_tokens" : 1, "completion_tokens" : 9}}';
		expect(tapped([chunk({ content: 'x' }), spaced]).tap).toMatchObject({
			usage: { outputTokens: 9 },
			finish: 'stop',
			complete: true,
		});
		expect(tapped([chunk({ content: 'x' }), chunk({}, {}, { x_groq: { usage: USAGE } })]).tap.usage?.outputTokens).toBe(2);
	});

	test('takes no word of the answer for news', () => {
		const words = [
			'","finish_reason":"stop"',
			'"usage":{"prompt_tokens":1}',
			'"error":{"message":"x"}',
			'[DONE]',
			'\\',
			'"',
			'\\"usage":{',
		];
		const { tap } = tapped([
			chunk({ content: 'x' }),
			...words.map((content) => chunk({ content })),
			...words.map((content) => chunk({ content: `${content}y` })),
		]);
		expect(tap.complete).toBe(false);
		expect(tap.usage).toBeUndefined();
		expect(tap.error).toBeUndefined();
		expect(tap.finish).toBeUndefined();
	});

	test('counts what it puts out, about', () => {
		const texts = ['Hello', ' world', ' and', ' "all" of\nit'];
		const { tap } = tapped([
			...texts.map((content) => chunk({ content })),
			chunk({ reasoning_content: 'thinking' }),
			chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"a":1}' } }] }),
		]);
		const exact = texts.join('').length + 'thinking'.length + '{"a":1}'.length;
		expect(tap.outputChars).toBeGreaterThanOrEqual(exact);
		expect(tap.outputChars).toBeLessThan(exact * 1.3);
	});

	test('is seen as exactly when its chunks are padded or change their look', () => {
		const padded = (content: string, padding: string) => chunk({ content }, {}, { obfuscation: padding });
		const { tap } = tapped([
			padded('a', 'x1'),
			padded('b', 'y22'),
			padded('c', ''),
			chunk({ content: 'd' }, {}, { x: 1 }),
			padded('e', '"'),
			FINISH,
			USAGE_ONLY,
		]);
		expect(tap).toMatchObject({ outputChars: 5, complete: true, usage: { outputTokens: 2 } });
	});

	test('is read to its last member, wherever the padding stands', () => {
		const padded = (content: string) => chunk({ content }, {}, { obfuscation: 'xyz' });
		const more = chunk({ content: 'c' }, {}, { usage: undefined, obfuscation: 'abc', extra: 1, x_groq: { usage: USAGE } });
		const same = padded('d').replace(/\}$/, `,"x_groq":{"usage":${JSON.stringify(USAGE)}}}`);
		expect(tapped([padded('a'), padded('b'), more]).tap.usage?.outputTokens).toBe(2);
		expect(tapped([padded('a'), padded('b'), same]).tap.usage?.outputTokens).toBe(2);
	});

	test('that breaks off with an error tells it; what follows a whole answer is a remark', () => {
		const failure = JSON.stringify({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } });
		expect(tapped([chunk({ content: 'x' }), failure]).tap).toMatchObject({ error: { code: 'rate_limited' }, complete: false });
		const remark = chunk({ content: '' }, {}, { error: { code: 400, message: 'limit' } });
		expect(tapped([chunk({ content: 'x' }), FINISH, remark]).tap.error).toBeUndefined();
	});

	test('is broken by a chunk that was cut, even where it ends like a whole one', () => {
		const whole = chunk({ content: 'x' });
		const cut = whole.slice(0, whole.indexOf('"x"}') + 4);
		expect(cut.endsWith('}')).toBe(true);
		expect(tapped([whole, chunk({ content: 'y' }), cut]).tap.error).toMatchObject({ code: 'provider_protocol' });
	});

	test('hears errors that only their event names', () => {
		const tap = streamTap({ dropUsage: false });
		tap.frame({ event: 'error', data: '{"message":"broken"}' });
		expect(tap.error?.message).toBe('broken');
	});
});
