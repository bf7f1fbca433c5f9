import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anthropicMessages, openaiChat, openaiResponses } from '../../src/dialects/index.ts';
import { type Dialect, isRelaisError, type JsonObject, type ModelTraits } from '../../src/spec/index.ts';
import { stage } from '../simulators/support.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number };
}

const WIRE = join(import.meta.dirname, '../../../shared/wire');

/** Whose requests are sent to the simulated Responses API. */
const FROM: { [api: string]: Dialect } = { 'chat-completions': openaiChat, messages: anthropicMessages };

function recordings(): Recording[] {
	if (!existsSync(WIRE)) return [];
	const folders = readdirSync(WIRE).filter((name) => statSync(join(WIRE, name)).isDirectory());
	return folders
		.flatMap((name) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
		.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Recording)
		.filter((each) => FROM[each.api] !== undefined && each.request?.body && each.response.status === 200);
}

/** What the API would refuse, as it refused or would have refused the client itself. */
const REFUSED: { [id: string]: string } = {
	'anthropic-messages-a80e65ef2f98': 'asks for more output than the model gives',
	'anthropic-messages-e7330936c3e3': 'asks for more output than the model gives',
	'openrouter-chat-completions-92132059e38b': 'calls a schema strict that is not strict by the API’s rules',
	'xai-chat-completions-4ec8b756f741': 'calls a schema strict that is not strict by the API’s rules',
};

/** What has no form in the dialect: another target is tried. */
const UNSUPPORTED = /one answer can be asked|Sounds cannot be sent/;

const MODELS: [string, ModelTraits][] = [
	['gpt-5', { reasoning: 'effort', sampling: false, efforts: ['minimal', 'low', 'medium', 'high'] }],
	['gpt-4.1', { reasoning: 'none' }],
];

const scene = stage();
const all = recordings();

describe('requests of other dialects, sent on to the Responses API', () => {
	test.skipIf(all.length === 0)('there are recordings (skipped where ../shared/wire is absent)', () => {
		expect(all.length).toBeGreaterThan(180);
	});

	test.each(all.map((each) => [each.id, each] as const))('%s: the strict simulator takes it', async (id, { api, request }) => {
		const decoded = FROM[api]?.decodeRequest({ model: 'any', ...request?.body }).value;
		if (decoded === undefined) return;
		for (const [model, traits] of MODELS) {
			try {
				const { value } = openaiResponses.encodeRequest(decoded, { model, traits });
				const answer = await scene.post('sim-openai', '/responses', value);
				const said = await answer.text();
				if (REFUSED[id] === undefined) expect([answer.status, answer.status === 200 ? '' : said]).toEqual([200, '']);
			} catch (error) {
				if (!isRelaisError(error)) throw error;
				expect(error.code).toBe('unsupported');
				expect(error.message).toMatch(UNSUPPORTED);
			}
		}
	});
});
