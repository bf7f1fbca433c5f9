import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ollama, ollamaGenerate } from '../../src/dialects/index.ts';
import type { Dialect, JsonObject, JsonValue, StreamPart } from '../../src/spec/index.ts';
import { accumulate, streamFault } from '../../src/testing/index.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject };
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string };
}

/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../shared/wire/ollama');
const all: Recording[] = existsSync(WIRE)
	? readdirSync(WIRE).map((file) => JSON.parse(readFileSync(join(WIRE, file), 'utf8')) as Recording)
	: [];
const DIALECTS: { readonly [api: string]: Dialect } = { 'ollama-chat': ollama, 'ollama-generate': ollamaGenerate };
const recorded = all.flatMap((recording): [string, Recording, Dialect][] => {
	const dialect = DIALECTS[recording.api];
	return dialect === undefined ? [] : [[recording.id, recording, dialect]];
});
const ok = recorded.filter(([, { response }]) => response.status === 200);
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

function partsOf(dialect: Dialect, text: string): StreamPart[] {
	const decoder = dialect.streamDecoder();
	return [...lines(text).flatMap((data) => decoder.push({ event: '', data })), ...decoder.end()];
}

describe.skipIf(all.length === 0)('recorded native traffic (skipped where ../shared/wire is absent)', () => {
	test('all recordings are read', () => {
		expect(recorded.map(([, { api }]) => api).sort()).toEqual([...Array(4).fill('ollama-chat'), 'ollama-generate']);
	});

	test.each(recorded)('%s: the request comes back exactly', (_, { request }, dialect) => {
		const { value, warnings } = dialect.decodeRequest(request.body);
		expect(warnings).toEqual([]);
		const again = dialect.encodeRequest(value, { model: value.model, traits: {} });
		expect(again).toEqual({ value: request.body, warnings: [] });
		expect(dialect.sketch(request.body)).toMatchObject({ model: request.body.model, stream: request.body.stream ?? true });
	});

	test.each(ok.filter(([, { response }]) => response.body !== undefined))(
		'%s: the answer comes back exactly',
		(_, { response }, dialect) => {
			const body = response.body ?? null;
			const { value } = dialect.decodeResponse(body);
			expect(dialect.encodeResponse(value, CONTEXT)).toEqual({ value: body, warnings: [] });
			expect(dialect.tapResponse(body)).toEqual({
				usage: value.usage,
				finish: value.candidates[0]?.stop?.raw ?? 'stop',
				model: value.model,
			});
		},
	);

	test.each(ok.filter(([, { response }]) => response.body_text !== undefined))(
		'%s: the stream comes back line by line',
		(_, { response }, dialect) => {
			const text = response.body_text ?? '';
			const parts = partsOf(dialect, text);
			expect(streamFault(parts)).toBeUndefined();
			const encoder = dialect.streamEncoder(CONTEXT);
			const again = lines(parts.map((part) => encoder.push(part)).join(''));
			expect(again.map((line) => JSON.parse(line) as JsonValue)).toEqual(
				lines(text).map((line) => JSON.parse(line) as JsonValue),
			);
			expect(encoder.warnings()).toEqual([]);
			const { usage, candidates, model } = accumulate(parts);
			const tap = dialect.streamTap({ dropUsage: false });
			for (const data of lines(text)) expect(tap.frame({ event: '', data })).toBe('forward');
			expect(tap).toMatchObject({ complete: true, started: true, model, usage, finish: candidates[0]?.stop?.raw ?? 'stop' });
			const [said] = candidates[0]?.content ?? [];
			expect(tap.outputChars).toBe(said?.type === 'text' ? said.text.length : 0);
		},
	);

	test('a model that is not there is told as such', () => {
		const missing = recorded.find(([, { response }]) => response.status === 404)?.[1];
		const error = ollama.decodeError(404, {}, missing?.response.body ?? null);
		expect(error).toMatchObject({ code: 'provider_not_found', message: "model 'nonexistent-model:latest' not found" });
		expect(ollama.encodeError(error, 'r')).toMatchObject({ status: 404, body: missing?.response.body });
	});
});
