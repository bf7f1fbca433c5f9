import type { JsonObject } from '../../spec/index.ts';
import { number, text } from '../core/json.ts';
import { countTokens, firstTokens } from '../core/tokens.ts';
import type { Problem } from '../core/types.ts';
import { vector } from '../core/vectors.ts';
import type { OllamaModel } from './models.ts';
import { problem } from './problems.ts';

/** Vectors, and what they cost. */
export interface Embedded {
	vectors: number[][];
	tokens: number;
}

function sizeOf(request: JsonObject, model: OllamaModel): number {
	const asked = number(request.dimensions) ?? 0;
	return asked > 0 && asked < model.dimensions ? asked : model.dimensions;
}

/** The vectors of texts; without `truncate: false` what is too long is cut. */
export function embedded(request: JsonObject, texts: string[], model: OllamaModel): Embedded | Problem {
	if (!model.capabilities.includes('embedding')) return problem('this model does not support embeddings', 501);
	const long = texts.find((said) => countTokens(said) > model.window);
	if (long !== undefined && request.truncate === false) return problem('the input length exceeds the context length');
	const kept = texts.map((said) => firstTokens(said, model.window));
	return {
		vectors: kept.map((said) => vector(`${model.name}/${said}`, sizeOf(request, model))),
		tokens: kept.reduce((sum, said) => sum + countTokens(said), 0),
	};
}

/** The texts of `input`: one or several; undefined where it is neither. */
export function inputsOf({ input = null }: JsonObject): string[] | undefined {
	if (input === null) return [];
	if (typeof input === 'string') return input === '' ? [] : [input];
	if (!Array.isArray(input) || !input.every((item) => typeof item === 'string')) return undefined;
	return input.map(text);
}
