import type { JsonObject } from '../../../spec/index.ts';
import type { Controls } from '../../core/controls.ts';
import { digest, idFrom } from '../../core/ids.ts';
import { list, number, object as objectOf, text } from '../../core/json.ts';
import { type Outcome, outcomeOf } from '../../core/outcome.ts';
import type { Prompt } from '../../core/prompt.ts';
import { script } from '../../core/script.ts';
import type { Shape } from '../../core/shape.ts';
import { text as anyText, anything, flag, listOf, nullable, object } from '../../core/shapekit.ts';
import { countTokens, streamPieces, tokenPieces } from '../../core/tokens.ts';
import type { Frame } from '../../core/types.ts';
import type { OpenAIModel } from '../models.ts';
import { decimal, whole } from '../shapes.ts';

/** The body of `/v1/completions`. */
export const COMPLETIONS: Shape = object(
	{
		model: anyText,
		prompt: {
			is: 'either',
			nullable: true,
			of: [anyText, listOf({ is: 'either', of: [anyText, { is: 'integer' }, listOf({ is: 'integer' })] }, 1)],
		},
		best_of: whole(0, 20),
		echo: nullable(flag),
		frequency_penalty: decimal(-2, 2),
		logit_bias: anything,
		logprobs: whole(0, 5),
		max_tokens: whole(0),
		n: whole(1, 128),
		presence_penalty: decimal(-2, 2),
		seed: whole(Number.MIN_SAFE_INTEGER),
		stop: { is: 'either', nullable: true, of: [anyText, { is: 'array', of: anyText, max: 4 }] },
		stream: nullable(flag),
		stream_options: nullable(object({ include_usage: nullable(flag), include_obfuscation: nullable(flag) })),
		suffix: nullable(anyText),
		temperature: decimal(0, 2),
		top_p: decimal(0, 1),
		user: anyText,
	},
	'model',
);

/** Everything that the body and the stream of one answer are written from. */
export interface Completion {
	head: JsonObject;
	outcomes: Outcome[];
	/** What each choice begins with, where the prompt is repeated. */
	echoes: string[];
	logprobs: number | undefined;
	usage: JsonObject;
	inputTokens: number;
	outputTokens: number;
	includeUsage: boolean;
}

/** Where the tokens of an answer end unless more are asked for. */
const DEFAULT_TOKENS = 16;

function promptsOf({ prompt }: JsonObject): string[] {
	const items = typeof prompt === 'string' ? [prompt] : list(prompt);
	if (items.length > 0 && items.every((item) => typeof item === 'number')) return [JSON.stringify(items)];
	return items.length === 0 ? [''] : items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

function asked(said: string, vendor: string, model: string): Prompt {
	const nothing = { instructions: '', attachments: [], outcomes: [], tools: [] };
	return { vendor, model, said, ...nothing, toolChoice: 'none', parallel: false, format: 'text', reasoning: 0 };
}

/** Completes every prompt of a request `n` times. `now`: Unix ms. */
export function completionOf(
	request: JsonObject,
	bytes: Buffer,
	vendor: string,
	model: OpenAIModel,
	controls: Controls,
	now: number,
): Completion {
	const prompts = promptsOf(request);
	const n = number(request.n) ?? 1;
	const stops = typeof request.stop === 'string' ? [request.stop] : list(request.stop).map(text);
	const bounds = { maxTokens: number(request.max_tokens) ?? DEFAULT_TOKENS, stops, hiddenTokens: 0 };
	const outcomes = prompts.flatMap((prompt) =>
		Array.from({ length: n }, () => outcomeOf(script(asked(prompt, vendor, model.id)), bounds, controls)),
	);
	const inputTokens = prompts.reduce((sum, prompt) => sum + countTokens(prompt), 0);
	const outputTokens = outcomes.reduce((sum, outcome) => sum + outcome.outputTokens, 0);
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	return {
		head: {
			id: `cmpl-${idFrom(seed, 29)}`,
			object: 'text_completion',
			created: Math.floor(now / 1000),
			model: model.snapshot ?? model.id,
		},
		outcomes,
		echoes: prompts.flatMap((prompt) => Array.from({ length: n }, () => (request.echo === true ? prompt : ''))),
		logprobs: number(request.logprobs),
		usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
		inputTokens,
		outputTokens,
		includeUsage: objectOf(request.stream_options).include_usage === true,
	};
}

function listed(said: string, most: number | undefined): JsonObject | null {
	if (most === undefined) return null;
	const tokens = tokenPieces(said);
	let at = 0;
	const text_offset = tokens.map((token) => {
		at += token.length;
		return at - token.length;
	});
	const top = tokens.map((token) =>
		Object.fromEntries(Array.from({ length: most }, (_, rank) => [rank === 0 ? token : `${token}~${rank}`, -0.01 - rank])),
	);
	return { tokens, token_logprobs: tokens.map(() => -0.01), top_logprobs: most > 0 ? top : null, text_offset };
}

function finish(outcome: Outcome): string {
	if (outcome.kind === 'filtered') return 'content_filter';
	return outcome.ending === 'length' ? 'length' : 'stop';
}

/** The answer in one piece. */
export function bodyOf({ head, outcomes, echoes, logprobs, usage }: Completion): JsonObject {
	const choices = outcomes.map((outcome, index) => {
		const said = (echoes[index] ?? '') + outcome.text;
		return { text: said, index, logprobs: listed(said, logprobs), finish_reason: finish(outcome) };
	});
	return { ...head, choices, usage };
}

/** The answer as a stream. `chunks`: into how many pieces to cut a text. */
export function framesOf(
	{ head, outcomes, echoes, logprobs, usage, includeUsage }: Completion,
	chunks: number | undefined,
): Frame[] {
	const event = (fields: JsonObject, part: Frame['part'], tokens: number): Frame => {
		const spent = includeUsage && fields.usage === undefined ? { usage: null } : {};
		return { text: `data: ${JSON.stringify({ ...head, ...fields, ...spent })}\n\n`, part, tokens };
	};
	const frames = outcomes.flatMap((outcome, index) => {
		const pieces = streamPieces(outcome.text, chunks);
		const echo = echoes[index] ?? '';
		const said = echo === '' ? pieces : [echo, ...pieces];
		const choice = (words: string, reason: string | null): JsonObject => ({
			choices: [{ text: words, index, logprobs: listed(words, logprobs), finish_reason: reason }],
		});
		return [
			...said.map((piece) => event(choice(piece, null), 'delta', piece.length / 4)),
			event(choice('', finish(outcome)), 'end', 0),
		];
	});
	const cost = includeUsage ? [event({ choices: [], usage }, 'end', 0)] : [];
	return [...frames, ...cost, { text: 'data: [DONE]\n\n', part: 'end', tokens: 0 }];
}
