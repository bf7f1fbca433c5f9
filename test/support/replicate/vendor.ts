import type { ServerResponse } from 'node:http';
import { startUpstream, type Upstream } from '../upstream.ts';

/** A Replicate made for one test: predictions that answer what they were asked, in pieces. */
export interface ReplicateVendor extends Upstream {
	/** Address of the API. */
	api: string;
	/** Ids of predictions that were given up. */
	cancelled: string[];
	/** Calls received, as method and path. */
	calls: string[];
	/** Inputs of the predictions made, oldest first. */
	inputs: { [name: string]: unknown }[];
}

/** How it behaves. */
export interface VendorOptions {
	/** Inputs of its models, by name; a model that is not here does not exist. */
	models?: { [model: string]: { [input: string]: object } };
	/** Ends predictions so. */
	fails?: string;
	/** Predictions have no stream. */
	streamless?: boolean;
	/** The stream ends after its first piece. */
	cutStream?: boolean;
	/** Reports no tokens. */
	silent?: boolean;
	/** Time until a model's description is told, in ms. */
	describesAfterMs?: number;
	/** Looks until a prediction is done. */
	looks?: number;
}

/** What the usual models take. */
export const LLAMA = { prompt: {}, system_prompt: {}, max_tokens: {}, temperature: {}, top_p: {}, stop_sequences: {} };

export const REPLICATE_KEY = 'r8_test';

const WORDS = ['One, ', 'two, ', 'three.'];

type Answer = [status: number, body: object];

const problem = (status: number, title: string, detail: string): Answer => [status, { title, detail, status }];

const events = (list: [event: string, data: string][]): string =>
	list
		.map(
			([event, data]) =>
				`event: ${event}\nid: 1:0\n${data
					.split('\n')
					.map((line) => `data: ${line}\n`)
					.join('')}\n`,
		)
		.join('');

export async function startReplicate(options: VendorOptions = {}): Promise<ReplicateVendor> {
	const { looks = 1 } = options;
	const models: NonNullable<VendorOptions['models']> = options.models ?? { 'meta/llama': LLAMA, 'slow/llama': LLAMA };
	const calls: string[] = [];
	const cancelled: string[] = [];
	const inputs: ReplicateVendor['inputs'] = [];
	const seen = new Map<string, number>();
	const finished = options.fails === undefined ? 'succeeded' : 'failed';
	let origin = '';

	const prediction = (id: string, status: string): object => {
		const metrics = options.silent === true ? {} : { input_token_count: 7, output_token_count: 5 };
		const stream = options.streamless === true ? {} : { stream: `${origin}/streams/${id}` };
		return {
			...{ id, model: 'meta/llama', created_at: '2026-01-02T03:04:05Z', status },
			urls: { get: `${origin}/v1/predictions/${id}`, ...stream },
			...(status === 'succeeded' ? { output: WORDS, metrics } : {}),
			...(status === 'failed' ? { error: options.fails } : {}),
		};
	};

	const get = (path: string): Answer => {
		const [, id = ''] = /^\/v1\/predictions\/([\w-]+)$/.exec(path) ?? [];
		const [, model = ''] = /^\/v1\/models\/([\w.-]+\/[\w.-]+?)(?:\/versions\/\w+)?$/.exec(path) ?? [];
		const properties = models[model];
		if (path === '/v1/account') return [200, { type: 'user', username: 'somebody' }];
		if (path === '/v1/collections/language-models') {
			const rows = [{ owner: 'meta', name: 'llama' }, { owner: 'openai', name: 'gpt-5' }, { name: 'nobody' }];
			return [200, { models: rows }];
		}
		if (properties !== undefined) {
			const described = { openapi_schema: { components: { schemas: { Input: { properties } } } } };
			return [200, path.includes('/versions/') ? described : { latest_version: described }];
		}
		if (id === '') return problem(404, 'Not found', 'The requested resource could not be found.');
		const times = (seen.get(id) ?? 0) + 1;
		seen.set(id, times);
		return [200, prediction(id, id.startsWith('slow') || times < looks ? 'processing' : finished)];
	};

	const post = (path: string, body: string, prefer: unknown): Answer => {
		const [, id] = /^\/v1\/predictions\/([\w-]+)\/cancel$/.exec(path) ?? [];
		if (id !== undefined) {
			cancelled.push(id);
			return [200, prediction(id, 'canceled')];
		}
		const made = JSON.parse(body) as { input?: { [name: string]: unknown } };
		if (made.input === undefined) return problem(422, 'Input validation failed', '- input is required\n');
		inputs.push(made.input);
		const slow = path.includes('/slow/');
		const waits = typeof prefer === 'string' && prefer.startsWith('wait') && looks <= 1 && !slow;
		return [201, prediction(`${slow ? 'slow' : 'p'}${inputs.length}`, waits ? finished : 'starting')];
	};

	const stream = (path: string, response: ServerResponse): void => {
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		if (path.includes('slow')) {
			response.write(': waiting\n\n');
			return;
		}
		const output = WORDS.map((word): [string, string] => ['output', word]);
		const failure: [string, string] = ['error', JSON.stringify({ detail: options.fails })];
		if (options.fails !== undefined) response.end(events([...output.slice(0, 1), failure]));
		else response.end(events(options.cutStream === true ? output.slice(0, 1) : [...output, ['done', '{}']]));
	};

	const upstream = await startUpstream((request, response, body) => {
		const { url: path = '', method, headers } = request;
		calls.push(`${method} ${path}`);
		if (path.startsWith('/streams/')) {
			stream(path, response);
			return;
		}
		const known = headers.authorization === `Bearer ${REPLICATE_KEY}`;
		const answered = method === 'POST' ? () => post(path, body, headers.prefer) : () => get(path);
		const [status, answer] = known
			? answered()
			: problem(401, 'Unauthenticated', 'You did not pass a valid authentication token');
		const tell = (): void => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		};
		if (method === 'GET' && path.startsWith('/v1/models/')) setTimeout(tell, options.describesAfterMs ?? 0);
		else tell();
	});
	origin = new URL(upstream.baseUrl).origin;
	return Object.assign(upstream, { api: `${origin}/v1`, calls, cancelled, inputs });
}
