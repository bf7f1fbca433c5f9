import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openaiCompletions } from '../../src/dialects/index.ts';
import { SseScanner } from '../../src/lib/sse.ts';
import { isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { accumulate } from '../../src/testing/index.ts';

interface Recording {
	id: string;
	provider: string;
	request: { body: JsonObject } | null;
	response: { status: number; headers?: { [name: string]: string }; body?: JsonValue; body_text?: string };
}

const WIRE = join(import.meta.dirname, '../../../shared/wire');
const recorded: Recording[] = ['openai', 'together', 'vllm', 'writer', 'portkey']
	.map((provider) => join(WIRE, provider))
	.filter((folder) => existsSync(folder))
	.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
	.filter((file) => /-completions-[0-9a-f]{12}\.json$/.test(file) && !file.includes('chat-completions'))
	.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Recording);
const named = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** One gateway's stored prompts have a path with the word in it, and answer as chats. */
const all = recorded.filter(({ provider }) => provider !== 'portkey');
const asked = all.filter(({ request }) => typeof request?.body.model === 'string');
const several = (body: JsonObject | undefined): boolean => Array.isArray(body?.prompt) && body.prompt.length > 1;
const whole = all.filter(({ response }) => response.status === 200 && response.body !== undefined);
const CONTEXT = { model: 'shown', now: 0, id: 'fallback', streamUsage: true };

describe.skipIf(recorded.length === 0)('recorded completions of prompts (skipped where ../shared/wire is absent)', () => {
	test('all recordings are looked at', () => {
		expect([recorded.length, all.length, asked.length, whole.length]).toEqual([9, 8, 7, 5]);
	});

	test.each(named(asked.filter(({ request }) => !several(request?.body))))(
		'%s: the request comes back exactly',
		(_, { request }) => {
			const body = request?.body ?? {};
			const { value } = openaiCompletions.decodeRequest(body);
			expect(openaiCompletions.encodeRequest(value, { model: String(body.model), traits: {} })).toEqual({
				value: body,
				warnings: [],
			});
		},
	);

	test.each(named(asked.filter(({ request }) => several(request?.body))))(
		'%s: several prompts are for their vendor',
		(_, { request }) => {
			const body = request?.body ?? {};
			expect(openaiCompletions.sketch(body).model).toBe(body.model);
			try {
				openaiCompletions.decodeRequest(body);
				expect.unreachable();
			} catch (error) {
				expect(isRelaisError(error) && error.code).toBe('unsupported');
			}
		},
	);

	test.each(named(whole))('%s: the answer comes back exactly', (_, { response, provider }) => {
		const body = response.body as JsonObject;
		const { value, warnings } = openaiCompletions.decodeResponse(body);
		expect(warnings).toEqual([]);
		const again = openaiCompletions.encodeResponse(value, CONTEXT).value;
		// One vendor writes the name of the object with a dot.
		expect(again).toEqual(provider === 'together' ? { ...body, object: 'text_completion' } : body);
		const tapped = openaiCompletions.tapResponse(body);
		expect(tapped.usage?.outputTokens).toBe((body.usage as JsonObject).completion_tokens);
	});

	test.each(named(all.filter(({ response }) => response.status === 200 && response.body_text !== undefined)))(
		'%s: the stream is read',
		(_, { response }) => {
			const frames = new SseScanner().push(Buffer.from(response.body_text ?? ''));
			const decoder = openaiCompletions.streamDecoder();
			const parts: StreamPart[] = frames.flatMap((frame) => decoder.push(frame));
			const told = parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join('');
			expect(told.startsWith('Sure, here')).toBe(true);
			// The recording ends without an end mark: it does not pass for a whole answer.
			expect(() => accumulate([...parts, ...decoder.end()])).toThrow();
		},
	);

	test.each(named(all.filter(({ response }) => response.status > 299)))('%s: the refusal keeps its status', (_, { response }) => {
		const error = openaiCompletions.decodeError(
			response.status,
			response.headers ?? {},
			response.body ?? response.body_text ?? '',
		);
		expect(error.status).toBe(response.status);
	});
});
