import { type Check, ensure, runChecks } from '../../src/testing/check.ts';
import type { CheckResult } from '../../src/testing/index.ts';
import type { Target } from './targets.ts';

/** A running gateway. */
export interface Stage {
	url: string;
	key: string;
	target: Target;
}

/** A red square of 16 by 16 pixels, PNG. */
const RED_SQUARE = 'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAmSX/AZmCXlQAAAAASUVORK5CYII=';

async function post({ url, key }: Stage, path: string, body: object): Promise<Response> {
	const reply = await fetch(`${url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(120_000),
	});
	ensure(reply.ok, `${reply.status} ${reply.ok ? '' : (await reply.text()).slice(0, 300)}`);
	return reply;
}

function modelOf({ target }: Stage): string {
	return `${target.provider.name}/${target.chat?.id}`;
}

interface Completion {
	choices: { message: { content: string } }[];
}

async function completion(stage: Stage, content: unknown, more: object = {}): Promise<string> {
	const reply = await post(stage, '/v1/chat/completions', {
		...{ model: modelOf(stage), max_tokens: 400 },
		...{ messages: [{ role: 'user', content }], ...more },
	});
	return ((await reply.json()) as Completion).choices[0]?.message.content ?? '';
}

const SCHEMA = { type: 'object', properties: { sum: { type: 'integer' } }, required: ['sum'], additionalProperties: false };

/** What a client of Relais does, over HTTP. */
const SCENARIOS: readonly Check<Stage>[] = [
	{
		name: 'streams to a client of Chat Completions, with usage',
		async run(stage) {
			if (stage.target.chat === undefined) return 'it has no model that chats';
			const reply = await post(stage, '/v1/chat/completions', {
				...{ model: modelOf(stage), stream: true, stream_options: { include_usage: true }, max_tokens: 400 },
				messages: [{ role: 'user', content: 'Say hello in one short sentence.' }],
			});
			const text = await reply.text();
			ensure(reply.headers.get('x-relais-provider') === stage.target.provider.name, 'another provider answered');
			ensure(/"content":"[^"]/.test(text), `no text came: ${text.slice(0, 300)}`);
			ensure(/"usage":\{/.test(text), 'no usage came');
			ensure(text.trimEnd().endsWith('data: [DONE]'), 'the stream has no end');
			return undefined;
		},
	},
	{
		name: 'answers a client of Messages',
		async run(stage) {
			if (stage.target.chat === undefined) return 'it has no model that chats';
			const reply = await post(stage, '/v1/messages', {
				...{ model: modelOf(stage), max_tokens: 400 },
				messages: [{ role: 'user', content: 'Say hello in one short sentence.' }],
			});
			const body = (await reply.json()) as { content: { type: string }[]; usage: { output_tokens: number } };
			ensure(
				body.content.some(({ type }) => type === 'text'),
				'no text came',
			);
			ensure(body.usage.output_tokens > 0, 'no usage came');
			return undefined;
		},
	},
	{
		name: 'keeps to a JSON schema',
		async run(stage) {
			if (stage.target.chat?.capabilities.jsonSchema !== true) return 'not known to take one';
			const response_format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: SCHEMA } };
			const text = await completion(stage, 'What is 2 + 3? Answer as JSON.', { response_format });
			const answer = JSON.parse(text) as { sum?: unknown };
			ensure(Number.isInteger(answer.sum), `the answer is not of the schema: ${text.slice(0, 200)}`);
			return undefined;
		},
	},
	{
		name: 'looks at an image',
		async run(stage) {
			if (stage.target.chat?.capabilities.vision !== true) return 'not known to see';
			const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${RED_SQUARE}`, detail: 'low' } };
			const text = await completion(stage, [{ type: 'text', text: 'Which colour is this? One word.' }, image]);
			ensure(text.trim() !== '', 'no text came');
			return undefined;
		},
	},
	{
		name: 'makes vectors',
		async run(stage) {
			const { embedding, provider } = stage.target;
			if (embedding === undefined) return 'no embedding model is known';
			const reply = await post(stage, '/v1/embeddings', { model: `${provider.name}/${embedding.id}`, input: ['one', 'two'] });
			const { data } = (await reply.json()) as { data: { embedding: number[] }[] };
			ensure(data.length === 2, `${data.length} vectors came for 2 texts`);
			ensure((data[0]?.embedding.length ?? 0) > 10, 'the vector is too short');
			return undefined;
		},
	},
];

/** Runs the scenarios on a target. */
export function scenarios(stage: Stage): Promise<CheckResult[]> {
	return runChecks(SCENARIOS, stage);
}
