import type OpenAI from 'openai';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

type Response = OpenAI.Responses.Response;
type Item = OpenAI.Responses.ResponseOutputItem;

/** An item as it can be sent back: the helper adds fields of its own, which the API does not know. */
function plain(item: Item): Item {
	return JSON.parse(
		JSON.stringify(item, (key, value: unknown) => (key === 'parsed' || key === 'parsed_arguments' ? undefined : value)),
	) as Item;
}

function callsOf(output: Item[]): Call[] {
	return output.flatMap((item): Call[] => {
		if (item.type === 'function_call') {
			return [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as unknown }];
		}
		return item.type === 'custom_tool_call' ? [{ id: item.call_id, name: item.name, input: item.input }] : [];
	});
}

/** Texts and refusals, in order. */
function partsOf(output: Item[]) {
	return output.flatMap((item) => (item.type === 'message' ? item.content : []));
}

function reasoningOf(output: Item[]): string {
	return output
		.flatMap((item) => (item.type === 'reasoning' ? [...(item.content ?? []), ...item.summary] : []))
		.map(({ text }) => text)
		.join('');
}

function stopOf({ status, incomplete_details: details, output }: Response): Stop | undefined {
	if (status === 'incomplete') return details?.reason === 'content_filter' ? 'filtered' : 'length';
	if (partsOf(output).some(({ type }) => type === 'refusal')) return 'refusal';
	return callsOf(output).length > 0 ? 'tools' : 'end';
}

function usageOf({ usage }: Response): SeenUsage {
	const details: { cached_tokens?: number; cache_write_tokens?: number } = usage?.input_tokens_details ?? {};
	return {
		inputTokens: usage?.input_tokens ?? -1,
		outputTokens: usage?.output_tokens ?? -1,
		cacheReadTokens: details.cached_tokens,
		cacheWriteTokens: details.cache_write_tokens,
		reasoningTokens: usage?.output_tokens_details.reasoning_tokens,
	};
}

/** Puts events together as an application that iterates over them would: what the last one repeats must have been told before. */
export class Gathered {
	#text = '';
	#response: Response | undefined;
	pieces = 0;

	add(event: OpenAI.Responses.ResponseStreamEvent): void {
		if (event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta') {
			this.#text += event.delta;
			this.pieces++;
		} else if (event.type === 'response.completed' || event.type === 'response.incomplete') this.#response = event.response;
		else if (event.type === 'response.failed') throw new Error(event.response.error?.message ?? 'failed');
	}

	whole(): Response {
		if (this.#response === undefined) throw new Error('the stream had no end');
		const told = textOf(this.#response.output);
		if (told !== this.#text) throw new Error(`the end repeats "${told}", told was "${this.#text}"`);
		return this.#response;
	}
}

function textOf(output: Item[]): string {
	return partsOf(output)
		.map((part) => (part.type === 'refusal' ? part.refusal : part.text))
		.join('');
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(response: Response, headers: Headers, pieces: number): Answer {
	const { output } = response;
	const tokens = partsOf(output).flatMap((part) => (part.type === 'output_text' ? (part.logprobs ?? []) : []));
	return {
		id: response.id,
		model: response.model,
		text: textOf(output),
		reasoning: reasoningOf(output),
		calls: callsOf(output),
		stop: stopOf(response),
		stopSequence: undefined,
		usage: usageOf(response),
		candidates: [textOf(output)],
		logprobTokens: tokens.length === 0 ? undefined : tokens.map(({ token }) => token).join(''),
		pieces,
		native: output.map(plain),
		headers,
		warnings: warningsOf(headers),
	};
}
