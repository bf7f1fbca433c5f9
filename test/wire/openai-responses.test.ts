import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeRequest } from '../../src/dialects/openai-responses/request-decode.ts';
import { encodeRequest } from '../../src/dialects/openai-responses/request-encode.ts';
import { decodeResponse } from '../../src/dialects/openai-responses/response-decode.ts';
import { encodeResponse } from '../../src/dialects/openai-responses/response-encode.ts';
import type { JsonObject, JsonValue } from '../../src/spec/index.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string; framing?: string };
}
const WIRE = join(import.meta.dirname, '../../../shared/wire');
function loadAll(): Recording[] {
	if (!existsSync(WIRE)) return [];
	const folders = readdirSync(WIRE).filter((name) => statSync(join(WIRE, name)).isDirectory());
	return folders
		.flatMap((name) =>
			readdirSync(join(WIRE, name)).map((file) => JSON.parse(readFileSync(join(WIRE, name, file), 'utf8')) as Recording),
		)
		.filter((each) => each.api === 'responses');
}
const all = loadAll();

/** Requests that name no model because their stored prompt does: Relais could not tell where to send them. */
const REFUSED: ReadonlySet<string> = new Set([
	'openai-responses-88bf2a9e773b',
	'openai-responses-cd43e6f2c0c1',
	'openai-responses-fce4eb83e941',
]);
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
function plain(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value)) as JsonValue;
}
const isWhole = (each: Recording): boolean => each.response.status === 200 && each.response.body !== undefined;

describe('Responses traffic', () => {
	test.each(names(all.filter((each) => each.request?.body && !REFUSED.has(each.id))))(
		'%s: the request comes back exactly',
		(_, { request }) => {
			const body = request?.body ?? {};
			const decoded = decodeRequest(body);
			const encoded = encodeRequest(decoded.value, { model: String(body.model), traits: {} });
			expect(plain(encoded.value)).toEqual(body);
			expect([...decoded.warnings, ...encoded.warnings]).toEqual([]);
		},
	);
	test.each(names(all.filter(isWhole)))('%s: the answer comes back exactly', (_, { response }) => {
		const { value } = decodeResponse(response.body ?? null);
		const encoded = encodeResponse(value, CONTEXT);
		expect(plain(encoded.value)).toEqual(plain(response.body));
		expect(encoded.warnings).toEqual([]);
	});
});
