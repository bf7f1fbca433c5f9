/** What is sent and answered: small fixed texts of the sizes PERFORMANCE.md names, in every dialect. */

/** Text of every streamed piece; load generators count it, whatever dialect it comes out in. */
export const MARK = 'lorem';

/** The vendor's models; the brief one streams a tenth of the pieces. */
export const MODEL = 'bench-model';
export const BRIEF_MODEL = 'bench-brief';

const REQUEST_BYTES = 300;
const ANSWER_BYTES = 668;
const MEGABYTE = 1024 * 1024;

/** Fills the text of a value so that its JSON has the given size. */
function sized(bytes: number, make: (text: string) => object): string {
	const filler = 'The quick brown fox jumps over the lazy dog and reads a page or two. ';
	const room = bytes - JSON.stringify(make('')).length;
	return JSON.stringify(make(filler.repeat(Math.ceil(room / filler.length)).slice(0, room)));
}

/** A chat request; `model` as the tested service names it. OpenAI's and Anthropic's APIs take this form. */
export function chatRequest(model: string, options: { stream?: boolean; bytes?: number } = {}): string {
	return sized(options.bytes ?? REQUEST_BYTES, (text) => ({
		model,
		max_tokens: 256,
		...(options.stream ? { stream: true } : {}),
		messages: [{ role: 'user', content: text }],
	}));
}

export function promptOfOneMegabyte(model: string): string {
	return chatRequest(model, { bytes: MEGABYTE });
}

export const OPENAI_ANSWER = sized(ANSWER_BYTES, (text) => ({
	id: 'chatcmpl-bench',
	object: 'chat.completion',
	created: 1_700_000_000,
	model: MODEL,
	choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }],
	usage: { prompt_tokens: 60, completion_tokens: 90, total_tokens: 150, prompt_tokens_details: { cached_tokens: 0 } },
	system_fingerprint: 'fp_bench',
}));

export const ANTHROPIC_ANSWER = sized(ANSWER_BYTES, (text) => ({
	id: 'msg_bench',
	type: 'message',
	role: 'assistant',
	model: MODEL,
	content: [{ type: 'text', text }],
	stop_reason: 'end_turn',
	stop_sequence: null,
	usage: { input_tokens: 60, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 90 },
}));

export const GEMINI_ANSWER = sized(ANSWER_BYTES, (text) => ({
	candidates: [{ content: { parts: [{ text }], role: 'model' }, finishReason: 'STOP', index: 0 }],
	usageMetadata: { promptTokenCount: 60, candidatesTokenCount: 90, totalTokenCount: 150 },
	modelVersion: MODEL,
	responseId: 'bench',
}));

/** A streamed answer cut in the three moments it is sent in. */
export interface StreamScript {
	opening: string;
	piece: string;
	closing: string;
}

function openaiEvent(delta: object, finish: string | null = null, more: object = {}): string {
	const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
	const head = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: MODEL };
	return `data: ${JSON.stringify({ ...head, system_fingerprint: 'fp_bench', choices, ...more })}\n\n`;
}

const openaiUsage = { prompt_tokens: 60, completion_tokens: 100, total_tokens: 160 };

export const OPENAI_STREAM: StreamScript = {
	opening: openaiEvent({ role: 'assistant', content: '', refusal: null }),
	piece: openaiEvent({ content: ` ${MARK}` }),
	closing: `${openaiEvent({}, 'stop')}${openaiEvent({}, null, { choices: [], usage: openaiUsage })}data: [DONE]\n\n`,
};

function anthropicEvent(type: string, fields: object): string {
	return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const anthropicMessage = {
	id: 'msg_bench',
	type: 'message',
	role: 'assistant',
	model: MODEL,
	content: [],
	stop_reason: null,
	stop_sequence: null,
};

export const ANTHROPIC_STREAM: StreamScript = {
	opening:
		anthropicEvent('message_start', { message: { ...anthropicMessage, usage: { input_tokens: 60, output_tokens: 1 } } }) +
		anthropicEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
	piece: anthropicEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ` ${MARK}` } }),
	closing:
		anthropicEvent('content_block_stop', { index: 0 }) +
		anthropicEvent('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 100 } }) +
		anthropicEvent('message_stop', {}),
};

function geminiEvent(text: string, finish: object = {}): string {
	const candidates = [{ content: { parts: [{ text }], role: 'model' }, ...finish, index: 0 }];
	const usageMetadata = { promptTokenCount: 60, candidatesTokenCount: 100, totalTokenCount: 160 };
	return `data: ${JSON.stringify({ candidates, usageMetadata, modelVersion: MODEL, responseId: 'bench' })}\r\n\r\n`;
}

/** Every event is a whole answer in small; there is none before the first piece. */
export const GEMINI_STREAM: StreamScript = {
	opening: '',
	piece: geminiEvent(` ${MARK}`),
	closing: geminiEvent('', { finishReason: 'STOP' }),
};

/** Paths of the dialects, at the upstream and at whatever stands before it. */
export const OPENAI_PATH = '/v1/chat/completions';
export const ANTHROPIC_PATH = '/v1/messages';
export const GEMINI_PATH = '/v1beta/models/';
/** What Gemini's paths end on where a stream is asked for. */
export const GEMINI_STREAM_VERB = ':streamGenerateContent';

/** A complete HTTP/1.1 request. */
export function httpRequest(path: string, headers: { [name: string]: string }, body: string): Buffer {
	const lines = Object.entries({
		host: '127.0.0.1',
		'content-type': 'application/json',
		'content-length': String(Buffer.byteLength(body)),
		...headers,
	});
	return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
}
