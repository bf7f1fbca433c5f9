import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest, idFrom, pick } from '../core/ids.ts';
import { isObject, list, number, object, text } from '../core/json.ts';
import { type MadeCall, type Outcome, outcomeOf } from '../core/outcome.ts';
import { script } from '../core/script.ts';
import { streamPieces, tokenPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import type { OllamaModel } from './models.ts';
import { promptOf, promptTokens } from './prompt.ts';
import { contextOf } from './rules.ts';

const CHARS_PER_TOKEN = 4;

/** Everything that the lines of one answer are written from. */
export interface Answer {
	/** The name the client asked with. */
	model: string;
	/** Unix ms. */
	now: number;
	outcome: Outcome;
	/** `message` of a chat, `response` of a prompt to generate from. */
	form: 'chat' | 'generate';
	calls: JsonObject[];
	promptTokens: number;
	/** Alternatives to list for each token; undefined: no log probabilities. */
	logprobs: number | undefined;
}

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: OllamaModel;
	controls: Controls;
	now: number;
}

function callOf(call: MadeCall, index: number, seed: string): JsonObject[] {
	if (call.broken) return [];
	const args: unknown = JSON.parse(call.input);
	const id = `call_${idFrom(`${seed}/${index}`, 8).toLowerCase()}`;
	return [{ id, function: { index, name: call.name, arguments: isObject(args) ? args : {} } }];
}

/** Answers a request that is in order: a function of the request, but for the time stamps. */
export function answerTo({ request, bytes, vendor, model, controls, now }: Question): Answer {
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	const options = object(request.options);
	const asked = number(options.num_predict) ?? -1;
	const bounds = {
		maxTokens: asked < 0 ? model.window : asked,
		stops: list(options.stop).map(text),
		hiddenTokens: 0,
	};
	const outcome = outcomeOf(script(promptOf(request, vendor, model)), bounds, controls);
	return {
		model: text(request.model),
		now,
		outcome,
		form: request.messages === undefined ? 'generate' : 'chat',
		calls: outcome.calls.flatMap((call, index) => callOf(call, index, seed)),
		promptTokens: Math.min(promptTokens(request), contextOf(request, model)),
		logprobs: request.logprobs === true ? (number(request.top_logprobs) ?? 0) : undefined,
	};
}

/** What a piece of an answer says. */
interface Piece {
	text?: string;
	thinking?: string;
	calls?: JsonObject[];
}

function said({ form }: Answer, { text: words = '', thinking, calls }: Piece): JsonObject {
	const thought = thinking === undefined ? {} : { thinking };
	const called = calls === undefined || calls.length === 0 ? {} : { tool_calls: calls };
	if (form === 'generate') return { response: words, ...thought, ...called };
	return { message: { role: 'assistant', content: words, ...thought, ...called } };
}

function logprobs({ logprobs: most }: Answer, words: string): JsonObject {
	if (most === undefined || words === '') return {};
	const entry = (token: string, logprob: number): JsonObject => ({ token, logprob, bytes: [...Buffer.from(token)] });
	const entries = tokenPieces(words).map((token, index) => {
		const logprob = -pick(`${index}${token}`, 1000) / 10_000;
		const others = Array.from({ length: most }, (_, rank) => entry(rank === 0 ? token : `${token}~${rank}`, logprob - rank));
		return { ...entry(token, logprob), ...(most > 0 ? { top_logprobs: others } : {}) };
	});
	return { logprobs: entries };
}

/** Time stamps as the server writes them: to the microsecond. */
function stamp(now: number): string {
	return new Date(now).toISOString().replace('Z', '000Z');
}

function head({ model, now }: Answer): JsonObject {
	return { model, created_at: stamp(now) };
}

function ending(answer: Answer): JsonObject {
	const { outcome, promptTokens: prompt, form } = answer;
	const eval_count = outcome.outputTokens;
	const counts = {
		total_duration: (prompt + eval_count) * 1_000_000,
		load_duration: 1_000_000,
		prompt_eval_count: prompt,
		prompt_eval_duration: prompt * 100_000,
		eval_count,
		eval_duration: eval_count * 900_000,
	};
	const context = form === 'generate' ? { context: Array.from({ length: Math.min(8, prompt) }, (_, at) => 1000 + at) } : {};
	return { done: true, done_reason: outcome.ending === 'length' ? 'length' : 'stop', ...context, ...counts };
}

/** The answer in one piece. */
export function bodyOf(answer: Answer): JsonObject {
	const { outcome, calls } = answer;
	const thinking = outcome.reasoning === '' ? {} : { thinking: outcome.reasoning };
	return {
		...head(answer),
		...said(answer, { text: outcome.text, ...thinking, calls }),
		...logprobs(answer, outcome.text),
		...ending(answer),
	};
}

/** The answer to a request that only loads or unloads the model. */
export function loadedBody(model: string, form: Answer['form'], unload: boolean, now: number): JsonObject {
	const words = form === 'chat' ? { message: { role: 'assistant', content: '' } } : { response: '' };
	return { model, created_at: stamp(now), ...words, done: true, done_reason: unload ? 'unload' : 'load' };
}

/** The answer as a stream of lines. `chunks`: into how many pieces to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	const { outcome, calls } = answer;
	const line = (piece: Piece, tokens: number): Frame => {
		const value = { ...head(answer), ...said(answer, piece), ...logprobs(answer, piece.text ?? ''), done: false };
		return { text: `${JSON.stringify(value)}\n`, part: 'delta', tokens };
	};
	const pieces = streamPieces(outcome.text, chunks);
	const spent = outcome.calls.map((call) => (call.name.length + call.input.length) / CHARS_PER_TOKEN);
	return [
		...wordPieces(outcome.reasoning).map((thinking) => line({ thinking }, thinking.length / CHARS_PER_TOKEN)),
		...pieces.map((words) => line({ text: words }, words.length / CHARS_PER_TOKEN)),
		...calls.map((call, index) => line({ calls: [call] }, spent[index] ?? 0)),
		{ text: `${JSON.stringify({ ...head(answer), ...said(answer, {}), ...ending(answer) })}\n`, part: 'end', tokens: 0 },
	];
}
