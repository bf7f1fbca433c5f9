import type { RunningSimulator, SimulatorKind } from './core/types.ts';

/** A request to paste: its path behind the base URL, the headers that carry the key, its body. */
interface Line {
	path: string;
	headers: string[];
	/** Text: a form. */
	body: object | string;
}

const messages = [{ role: 'user', content: 'Hello' }];

function vectors(model: string, key: string): Line {
	return { path: '/embeddings', headers: [`authorization: Bearer ${key}`], body: { model, input: 'Hello' } };
}

/** What streams an answer in each protocol; of binary streams the answer in one piece. */
const LINES: { [kind in SimulatorKind]: (model: string, key: string) => Line } = {
	openai: (model, key) => ({
		path: '/chat/completions',
		headers: [`authorization: Bearer ${key}`],
		body: { model, stream: true, messages },
	}),
	anthropic: (model, key) => ({
		path: '/messages',
		headers: [`x-api-key: ${key}`, 'anthropic-version: 2023-06-01'],
		body: { model, stream: true, messages, max_tokens: 1024 },
	}),
	gemini: (model, key) => ({
		path: `/models/${model}:streamGenerateContent?alt=sse`,
		headers: [`x-goog-api-key: ${key}`],
		body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
	}),
	ollama: (model) => ({ path: '/api/chat', headers: [], body: { model, messages } }),
	azure: (model, key) => ({
		path: `/openai/deployments/${model}/chat/completions?api-version=2024-10-21`,
		headers: [`api-key: ${key}`],
		body: { stream: true, messages },
	}),
	cohere: (model, key) => ({
		path: '/v2/chat',
		headers: [`authorization: Bearer ${key}`],
		body: { model, stream: true, messages },
	}),
	vertex: (model, key) => ({
		path: `/v1/projects/p/locations/global/publishers/google/models/${model}:streamGenerateContent?alt=sse`,
		headers: [`authorization: Bearer ${key}`],
		body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
	}),
	watsonx: (_model, key) => ({
		path: '/identity/token',
		headers: [],
		body: `grant_type=urn:ibm:params:oauth:grant-type:apikey&apikey=${key}`,
	}),
	replicate: (model, key) => ({
		path: `/models/${model}/predictions`,
		headers: [`authorization: Bearer ${key}`, 'prefer: wait'],
		body: { input: { prompt: 'Hello' } },
	}),
	jina: vectors,
	voyage: vectors,
	bedrock: (model, key) => ({
		path: `/model/${encodeURIComponent(model)}/converse`,
		headers: [`authorization: Bearer ${key}`],
		body: { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] },
	}),
};

/** A line to paste that gets an answer from a simulator. */
export function curlLine({ kind, baseUrl, apiKey, models }: RunningSimulator): string {
	const { path, headers, body } = LINES[kind](models[0] ?? '', apiKey);
	const form = typeof body === 'string';
	const sent = [...headers, `content-type: application/${form ? 'x-www-form-urlencoded' : 'json'}`].map(
		(header) => ` -H '${header}'`,
	);
	const address = path.includes('?') ? `'${baseUrl}${path}'` : `${baseUrl}${path}`;
	return `curl -N ${address}${sent.join('')} -d '${form ? body : JSON.stringify(body)}'`;
}
