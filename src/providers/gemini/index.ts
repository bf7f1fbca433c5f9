import { isObject } from '../../lib/json.ts';
import type { JsonValue, ModelTraits } from '../../spec/index.ts';
import type { WireFormat } from '../descriptor.ts';

/** How one of Gemini's models wants to be spoken to: 2.5 takes a budget of thinking tokens, 3 and later a level. */
export function geminiTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	const traits: ModelTraits = maxOutputTokens === null ? {} : { maxOutputTokens };
	const version = Number(/gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? Number.NaN);
	if (version >= 3) return { ...traits, reasoning: 'effort', efforts: ['minimal', 'low', 'medium', 'high'] };
	if (version >= 2.5) return { ...traits, reasoning: 'budget' };
	return Number.isNaN(version) ? traits : { ...traits, reasoning: 'none' };
}

/** Ids of a model list: `{"models": [{"name": "models/<id>"}]}`. */
function modelIds(body: JsonValue): string[] | undefined {
	const models = isObject(body) ? body.models : undefined;
	if (!Array.isArray(models)) return undefined;
	const names = models.map((row) => (isObject(row) ? row.name : undefined));
	return names.filter((name) => typeof name === 'string').map((name) => name.replace(/^models\//, ''));
}

/** The Gemini API: the model stands in the path, streams have a path of their own. */
export const gemini: Omit<WireFormat, 'dialect'> = {
	paths: {
		chat: '/models/{model}:generateContent',
		chatStream: '/models/{model}:streamGenerateContent?alt=sse',
		count_tokens: '/models/{model}:countTokens',
		models: '/models?pageSize=1000',
	},
	// By the vendor's convention a base URL ends before the version, which its clients add.
	adaptBaseUrl: (url) => (/\/v\d+\w*\/?$/.test(url) ? url : `${url.replace(/\/+$/, '')}/v1beta`),
	auth: 'x-goog-api-key',
	traits: geminiTraits,
	modelIds,
};
