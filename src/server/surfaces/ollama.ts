import { ollama as dialect, ollamaGenerate } from '../../dialects/index.ts';
import { type JsonObject, RelaisError } from '../../spec/index.ts';
import { localDetails, modelDetails } from './ollama-models.ts';
import type { PlainAnswer, Surface } from './surface.ts';

/** The version of the API that is spoken here: clients refuse servers that are older than what they need. */
const API_VERSION = '0.13.0';

/** The tag a name without one stands for. */
const DEFAULT_TAG = ':latest';

/** `name` and `name:latest` are the same model, whichever of the two is known. */
function modelName(name: string, isKnown: (name: string) => boolean): string {
	if (isKnown(name)) return name;
	const other = name.endsWith(DEFAULT_TAG) ? name.slice(0, -DEFAULT_TAG.length) : `${name}${DEFAULT_TAG}`;
	return isKnown(other) ? other : name;
}

const tags: PlainAnswer = ({ models }): JsonObject => ({ models: models().map(localDetails) });

/** A request names its model in `model`, older ones in `name`. */
const show: PlainAnswer = ({ body, model }) => modelDetails(model(requestedName(body)));

function requestedName({ model, name }: JsonObject): string {
	const requested = model ?? name;
	if (typeof requested === 'string' && requested !== '') return requested;
	throw new RelaisError('invalid_request', "'model' must be the name of a model.", { param: 'model' });
}

/** Ollama's own API. */
export const ollama: Surface = {
	dialect,
	requestIdHeader: 'x-request-id',
	passedHeaders: [],
	endpoints: [
		{ path: '/api/chat', operation: 'chat' },
		{ path: '/api/generate', operation: 'chat', dialect: ollamaGenerate },
	],
	routes: [
		{ method: 'GET', path: '/api/tags', answer: tags },
		{ method: 'POST', path: '/api/show', answer: show },
		{ method: 'GET', path: '/api/version', answer: () => ({ version: API_VERSION }) },
		// No model is held in the memory of this machine by Relais.
		{ method: 'GET', path: '/api/ps', answer: () => ({ models: [] }) },
	],
	// The rest below `/api/v1` is Relais's own.
	territory: /^\/api\/(?!v1(?:\/|$))/,
	modelName,
};
