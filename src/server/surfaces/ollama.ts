import { ollama as dialect, ollamaGenerate } from '../../dialects/index.ts';
import { type JsonObject, RelaisError } from '../../spec/index.ts';
import { ollamaEmbeddingsForm, ollamaEmbedForm } from '../tasks/index.ts';
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

/** A request without a word loads its model, or unloads it at once: there is nothing to do for models that others hold. */
function chatLoad(body: JsonObject, now: Date): JsonObject | undefined {
	const { messages } = body;
	const empty = messages === undefined || messages === null || (Array.isArray(messages) && messages.length === 0);
	return empty ? { ...loaded(body, now), message: { role: 'assistant', content: '' } } : undefined;
}

function generateLoad(body: JsonObject, now: Date): JsonObject | undefined {
	const empty = body.prompt === undefined || body.prompt === null || body.prompt === '';
	return empty ? { ...loaded(body, now), response: '' } : undefined;
}

function loaded(body: JsonObject, now: Date): JsonObject {
	const unloads = /^0+[a-z]*$/.test(String(body.keep_alive));
	return { model: requestedName(body), created_at: now.toISOString(), done: true, done_reason: unloads ? 'unload' : 'load' };
}

/** Ollama's own API. */
export const ollama: Surface = {
	dialect,
	requestIdHeader: 'x-request-id',
	passedHeaders: [],
	endpoints: [
		{ path: '/api/chat', operation: 'chat', atOnce: chatLoad },
		{ path: '/api/generate', operation: 'chat', dialect: ollamaGenerate, atOnce: generateLoad },
		{ path: '/api/embed', operation: 'embed', task: ollamaEmbedForm },
		{ path: '/api/embeddings', operation: 'embed', task: ollamaEmbeddingsForm },
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
