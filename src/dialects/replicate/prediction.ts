import { isObject } from '../../lib/json.ts';
import {
	type ChatResponse,
	type JsonObject,
	type JsonValue,
	RelaisError,
	type StopReason,
	type Usage,
} from '../../spec/index.ts';
import { failureOf } from './errors.ts';

/** How far a prediction has come. */
export type PredictionState = 'running' | 'succeeded' | 'failed';

/** A prediction as the API tells it. Throws `provider_protocol` for what is none. */
export function predictionIn(body: JsonValue): JsonObject & { id: string } {
	if (isObject(body) && typeof body.id === 'string' && body.id !== '') return { ...body, id: body.id };
	throw new RelaisError('provider_protocol', 'The provider answered with no prediction.');
}

export function stateOf({ status }: JsonObject): PredictionState {
	if (status === 'succeeded') return 'succeeded';
	return status === 'failed' || status === 'canceled' || status === 'aborted' ? 'failed' : 'running';
}

/** The text of an output: models give it whole or in pieces; what is neither is written as JSON. */
export function outputText(output: JsonValue | undefined): string {
	if (output === undefined || output === null) return '';
	if (typeof output === 'string') return output;
	if (Array.isArray(output)) return output.map((piece) => (typeof piece === 'string' ? piece : JSON.stringify(piece))).join('');
	return JSON.stringify(output);
}

function count(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}

/** What a prediction was asked for, to make up for what it does not say. */
export interface Asked {
	/** Its input as text. */
	prompt: string;
	/** Most tokens wanted. */
	limit: number | undefined;
}

/** Tokens as the model reports them; where it does not, they are estimated from the texts. */
export function usageOf({ metrics }: JsonObject, { prompt }: Asked, answer: string): Usage {
	const told = isObject(metrics) ? metrics : {};
	const input = count(told.input_token_count);
	const output = count(told.output_token_count);
	if (input !== undefined && output !== undefined) return { inputTokens: input, outputTokens: output };
	const guess = (text: string): number => Math.max(1, Math.ceil(text.length / 4));
	return { inputTokens: input ?? guess(prompt), outputTokens: output ?? guess(answer), estimated: true };
}

/** Why an answer ended: nobody says so, but one that has all the tokens it may have was cut. */
export function stopOf({ outputTokens, estimated }: Usage, { limit }: Asked): StopReason {
	const cut = limit !== undefined && estimated !== true && outputTokens >= limit;
	return { kind: cut ? 'length' : 'stop', raw: 'succeeded' };
}

/** The answer a finished prediction holds. Throws the failure of one that did not succeed. */
export function decodePrediction(prediction: JsonObject, asked: Asked): ChatResponse {
	if (stateOf(prediction) !== 'succeeded') throw failureOf(prediction);
	const text = outputText(prediction.output);
	const { id, model, created_at: created } = prediction;
	const time = typeof created === 'string' ? Date.parse(created) : Number.NaN;
	const usage = usageOf(prediction, asked, text);
	return {
		...(typeof id === 'string' ? { id } : {}),
		...(typeof model === 'string' ? { model } : {}),
		...(Number.isNaN(time) ? {} : { createdAt: Math.floor(time / 1000) }),
		candidates: [{ index: 0, content: [{ type: 'text', text }], stop: stopOf(usage, asked) }],
		usage,
	};
}
