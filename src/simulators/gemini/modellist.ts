import type { JsonObject } from '../../spec/index.ts';
import { GEMINI_MODELS, type GeminiModel } from './models.ts';

/** A model as the list shows it. */
export function listed(model: GeminiModel, name = model.id): JsonObject {
	const { displayName, window, maxOutput } = model;
	const common = { name: `models/${name}`, version: '001', displayName, description: `Simulated ${displayName}.` };
	const limits = { inputTokenLimit: window, outputTokenLimit: maxOutput };
	if (model.dimensions !== undefined) {
		return { ...common, ...limits, supportedGenerationMethods: ['embedContent', 'batchEmbedContents', 'countTokens'] };
	}
	const sampling = { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 };
	const thinking = model.thinking === 'none' ? {} : { thinking: true };
	return { ...common, ...limits, supportedGenerationMethods: ['generateContent', 'countTokens'], ...sampling, ...thinking };
}

const PAGE = 50;
const LARGEST_PAGE = 1000;

/** A page of the list; undefined where its token means nothing. */
export function modelPage(query: URLSearchParams): JsonObject | undefined {
	const all = [...GEMINI_MODELS];
	const token = query.get('pageToken') ?? '';
	const from = token === '' ? 0 : Number(token);
	if (!Number.isInteger(from) || from < 0 || from > all.length) return undefined;
	const size = Math.min(LARGEST_PAGE, Number(query.get('pageSize') ?? '') || PAGE);
	const models = all.slice(from, from + size).map(([name, model]) => listed(model, name));
	return { models, ...(from + size < all.length ? { nextPageToken: String(from + size) } : {}) };
}
