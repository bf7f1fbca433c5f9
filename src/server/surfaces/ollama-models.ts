import { createHash } from 'node:crypto';
import type { JsonObject, ModelCapabilities } from '../../spec/index.ts';
import type { ListedModel } from './surface.ts';

/** The capability words clients look for, by the canonical ones. */
const WORDS: readonly (readonly [keyof ModelCapabilities, string])[] = [
	['tools', 'tools'],
	['vision', 'vision'],
	['reasoning', 'thinking'],
	['embeddings', 'embedding'],
];

/** A model as the list of local ones shows it. What only a file on disk has (size, quantization) is empty. */
export function localDetails(model: ListedModel): JsonObject {
	return {
		name: model.id,
		model: model.id,
		modified_at: modifiedAt(model),
		size: 0,
		// Stands for the name: clients tell models apart by it.
		digest: createHash('sha256').update(model.id).digest('hex'),
		details: formatOf(model),
	};
}

/** What `/api/show` tells of a model. */
export function modelDetails(model: ListedModel): JsonObject {
	const architecture = familyOf(model);
	const context = model.info?.contextWindow;
	return {
		modelfile: '',
		parameters: '',
		template: '',
		details: formatOf(model),
		model_info: {
			'general.architecture': architecture,
			'general.basename': model.title,
			...(typeof context === 'number' ? { [`${architecture}.context_length`]: context } : {}),
		},
		capabilities: capabilitiesOf(model),
		modified_at: modifiedAt(model),
	};
}

function modifiedAt({ created }: ListedModel): string {
	return new Date(created * 1000).toISOString();
}

function formatOf(model: ListedModel): JsonObject {
	const family = familyOf(model);
	return { parent_model: '', format: '', family, families: [family], parameter_size: '', quantization_level: '' };
}

/** A word for what serves the model: local ones are of a family, here it is the provider, or Relais for a route. */
function familyOf({ route, providers }: ListedModel): string {
	return route ? 'relais' : (providers[0] ?? 'relais');
}

/** `completion` is what all models can that are not known to do something else. */
function capabilitiesOf({ info }: ListedModel): string[] {
	const can = info?.capabilities;
	const named = WORDS.filter(([capability]) => can?.[capability] === true).map(([, word]) => word);
	return can?.embeddings === true && can.chat !== true ? named : ['completion', ...named];
}
