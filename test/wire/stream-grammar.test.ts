import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anthropicMessages, openaiChat } from '../../src/dialects/index.ts';
import { type Dialect, isRelaisError, type StreamPart } from '../../src/spec/index.ts';
import { accumulate, streamFault } from '../../src/testing/index.ts';
import { framesOf } from '../support/openai-chat/accumulate.ts';

interface Recording {
	id: string;
	api: string;
	response: { status: number; body_text?: string; framing?: string };
}

const WIRE = join(import.meta.dirname, '../../../shared/wire');

const DIALECTS: { readonly [api: string]: Dialect } = { 'chat-completions': openaiChat, messages: anthropicMessages };

/** Streams whose client did not ask for usage, recorded with vendors that tell it only when asked. */
const WITHOUT_USAGE = [
	'huggingface-chat-completions-45f2964847c9',
	'nebius-chat-completions-8d6aaf7e0093',
	'openai-chat-completions-85378a72a478',
	'openai-chat-completions-9eb3245fec67',
	'openai-compatible-chat-completions-8931f759d009',
	'sambanova-chat-completions-1e2180185fdd',
];

function recordings(): Recording[] {
	if (!existsSync(WIRE)) return [];
	const folders = readdirSync(WIRE).filter((name) => statSync(join(WIRE, name)).isDirectory());
	return folders
		.flatMap((folder) => readdirSync(join(WIRE, folder)).map((file) => readFileSync(join(WIRE, folder, file), 'utf8')))
		.map((text) => JSON.parse(text) as Recording)
		.filter(({ api, response }) => api in DIALECTS && response.status === 200 && response.body_text !== undefined);
}

function decode({ api, response }: Recording): StreamPart[] {
	const decoder = DIALECTS[api]?.streamDecoder();
	if (decoder === undefined) throw new Error(`no dialect for ${api}`);
	const frames = framesOf(response.body_text ?? '', response.framing);
	return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

const found = recordings();

describe('a recorded stream', () => {
	test.skipIf(found.length === 0)('is there to be read (the recordings lie beside the repository)', () => {
		expect(found.length).toBeGreaterThan(50);
	});

	test.each(found.map((each): [string, Recording] => [each.id, each]))('%s comes in parts by the grammar', (id, recording) => {
		const parts = decode(recording);
		if (WITHOUT_USAGE.includes(id)) expect(streamFault(parts)).toMatch(/no usage was told$/);
		else expect(streamFault(parts)).toBeUndefined();
		const last = parts.at(-1);
		if (last?.type === 'error') expect(isRelaisError(last.error)).toBe(true);
		else expect(accumulate(parts).candidates.length).toBeGreaterThan(0);
	});
});
