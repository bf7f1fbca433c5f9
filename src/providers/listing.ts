import { isObject } from '../lib/json.ts';
import type { JsonValue, ModelCapabilities, ModelInfo } from '../spec/index.ts';
import type { ListedModel } from './descriptor.ts';

const NO_PRICE = { input: null, output: null, cacheRead: null, cacheWrite: null };

/** Kinds of models that do not chat, by what their names hold as a rule. The first that fits. */
const KINDS_BY_NAME: readonly (readonly [mode: string, pattern: RegExp])[] = [
	['rerank', /rerank/],
	['embedding', /embed|(^|[/-])(bge|gte|e5|minilm)-/],
	['moderation', /moderation/],
	['transcription', /whisper|transcribe/],
	['speech', /(^|[/-])tts(-|$)/],
	['image', /(^|[/-])(dall-e|gpt-image|imagen|flux|stable-diffusion)(-|$|\d)/],
	['realtime', /realtime/],
];

/** The kind of a model of which only its id is known. */
function likelyMode(id: string): string {
	const name = id.toLowerCase();
	return KINDS_BY_NAME.find(([, pattern]) => pattern.test(name))?.[0] ?? 'chat';
}

/** A model of which only its id is known. */
function unknownModel(id: string, provider: string, usual: ModelCapabilities): ModelInfo {
	const mode = likelyMode(id);
	const none = { tools: false, jsonSchema: false, vision: null, reasoning: false, streaming: null, dataSources: null };
	const capabilities =
		mode === 'chat' ? { ...usual, embeddings: false } : { ...none, chat: false, embeddings: mode === 'embedding' };
	return {
		...{ id, provider, mode, contextWindow: null, maxOutput: null, price: NO_PRICE, capabilities },
		...{ inputModalities: [], outputModalities: [] },
	};
}

/**
 * What a vendor's own list and the catalog say of a model, together: what the vendor says of its model goes before.
 * @param row the catalog's row of the model, or of the one it is a profile of
 * @param usual capabilities of a model nothing is known of
 */
export function completed(
	listed: ListedModel,
	row: ModelInfo | undefined,
	provider: string,
	usual: ModelCapabilities,
): ModelInfo {
	const { capabilities, base: _, ...facts } = listed;
	const known = row ?? unknownModel(listed.id, provider, usual);
	return { ...known, ...facts, provider, capabilities: { ...known.capabilities, ...capabilities } };
}

/** Ids of a model list as most vendors write it: `{"data": [{"id": "<id>"}]}`, or the list alone. */
export function usualModelIds(body: JsonValue): string[] | undefined {
	const data = isObject(body) ? body.data : body;
	if (!Array.isArray(data)) return undefined;
	return data.map((row) => (isObject(row) ? row.id : undefined)).filter((id) => typeof id === 'string' && id !== '') as string[];
}
