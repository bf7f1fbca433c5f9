import type { JsonObject } from '../../spec/index.ts';
import { bytesOf, details, digestOf, OLLAMA_MODELS, type OllamaModel } from './models.ts';

/** The version the server says it has. */
export const VERSION = '0.14.0';

const MODIFIED = '2026-01-15T09:30:00.000000000Z';

function listed(model: OllamaModel): JsonObject {
	return {
		name: model.name,
		model: model.name,
		modified_at: MODIFIED,
		size: bytesOf(model),
		digest: digestOf(model),
		details: details(model),
	};
}

/** The answer of `/api/tags`. */
export function tags(): JsonObject {
	return { models: OLLAMA_MODELS.map(listed) };
}

/** The answer of `/api/ps`: the models in memory, with when they leave it (Unix ms). */
export function running(loaded: ReadonlyMap<OllamaModel, number>): JsonObject {
	const models = [...loaded].map(([model, until]) => ({
		name: model.name,
		model: model.name,
		size: bytesOf(model),
		digest: digestOf(model),
		details: details(model),
		expires_at: new Date(until).toISOString(),
		size_vram: bytesOf(model),
		context_length: 4096,
	}));
	return { models };
}

/** The answer of `/api/show`. */
export function shown(model: OllamaModel): JsonObject {
	const { family, window, dimensions, capabilities } = model;
	return {
		license: 'Simulated.',
		modelfile: `FROM ${model.name}\n`,
		parameters: 'stop "<|end|>"',
		template: '{{ .Prompt }}',
		details: details(model),
		model_info: {
			'general.architecture': family,
			'general.parameter_count': bytesOf(model),
			[`${family}.context_length`]: window,
			[`${family}.embedding_length`]: dimensions,
		},
		capabilities: [...capabilities],
		modified_at: MODIFIED,
	};
}
