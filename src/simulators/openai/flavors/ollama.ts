import { idFrom, pick } from '../../core/ids.ts';
import { byName, type Family, model, SMALL } from '../models.ts';
import { type MakeProblem, violationProblem } from '../problems.ts';
import type { Traits } from '../traits.ts';
import { openaiWire } from '../wire.ts';
import { LOCAL, LOCAL_STYLE } from './local.ts';

const TYPES: { [status: number]: string } = { 400: 'invalid_request_error', 404: 'not_found_error' };

const make: MakeProblem = (message, { status = 400, headers } = {}) => {
	const error = { message, type: TYPES[status] ?? 'api_error', param: null, code: null };
	return { status, body: { error }, ...(headers === undefined ? {} : { headers }) };
};

const TEXT: Family = { window: 131_072, maxOutput: 131_072, vision: false, created: 1_768_469_400 };
const VECTORS: Family = { window: 8192, maxOutput: 0, serves: 'embeddings', created: 1_768_469_400 };

/** Lists of calls are left out where there are none. */
const { noCalls: _, ...SPARE } = LOCAL_STYLE;

/** The OpenAI protocol of an Ollama server, with the models that its own API lists. */
export const OLLAMA: Traits = {
	...LOCAL,
	catalog: byName([
		model('nomic-embed-text', VECTORS, { snapshot: 'nomic-embed-text:latest', dimensions: 768 }),
		model('mistral', TEXT, { window: 32_768, snapshot: 'mistral:latest' }),
		model('gemma3', TEXT, { vision: true, snapshot: 'gemma3:latest' }),
		model('gpt-oss:20b', TEXT, { thinksAloud: true }),
		model('qwen3', TEXT, { thinksAloud: true, snapshot: 'qwen3:latest' }),
		model('llama3.1', TEXT, { snapshot: 'llama3.1:latest' }),
		model('llama3.2', TEXT, { snapshot: 'llama3.2:latest' }),
		model(SMALL, TEXT, { window: 1000, maxOutput: 1000 }),
	]),
	make,
	wire: openaiWire(make, true),
	violation: (violation) => violationProblem(violation, make),
	wrongKey: () => make('Unauthorized', { status: 401 }),
	noModel: (id) => make(`model '${id}' not found`, { status: 404 }),
	noPath: () => make('404 page not found', { status: 404 }),
	listed: ({ id, snapshot, created }) => ({ id: snapshot ?? id, object: 'model', created, owned_by: 'library' }),
	style: {
		...SPARE,
		answerId: (seed) => `chatcmpl-${pick(seed, 1000)}`,
		callId: (seed) => `call_${idFrom(seed, 8).toLowerCase()}`,
		reasoning: 'reasoning',
		callContent: '',
		logprobs: false,
		stopReason: false,
		forcedStops: false,
		calls: 'whole',
		usage: ({ prompt, completion }) => ({
			prompt_tokens: prompt,
			completion_tokens: completion,
			total_tokens: prompt + completion,
		}),
		marks: () => ({ system_fingerprint: 'fp_ollama' }),
	},
};
