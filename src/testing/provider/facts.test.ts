import { describe } from 'vitest';
import { CAPABILITIES, itFinds, MODEL } from '../../../test/support/sound-provider.ts';
import type { HealthReport, ModelCapabilities, Provider } from '../../spec/index.ts';
import { CLOSING, FACTS } from './facts.ts';

const lists = (row: object): Partial<Provider> => ({ listModels: async () => [{ ...MODEL, ...row }] });
const healthy = (report: object): Partial<Provider> => ({ isHealthy: async () => report as HealthReport });
const capable = (capabilities: () => unknown): Partial<Provider> => ({ capabilities: () => capabilities() as ModelCapabilities });

function fickle(): Partial<Provider> {
	let vision = false;
	return capable(() => {
		vision = !vision;
		return { ...CAPABILITIES, vision };
	});
}

function closedOnce(): Partial<Provider> {
	let closed = false;
	return {
		close: async () => {
			if (closed) throw new Error('closed already');
			closed = true;
		},
	};
}

describe('what a provider says of itself', () => {
	itFinds(
		{ ...FACTS, ...CLOSING },
		{
			'has a name, a type and its methods': [
				{ wrong: 'no name', provider: { name: '' }, says: /its name is ""/ },
				{ wrong: 'a type that is no text', provider: { type: 5 as never }, says: /its type is 5/ },
				{ wrong: 'a method missing', provider: { isHealthy: undefined as never }, says: /no method isHealthy/ },
				{ wrong: 'a close that cannot be called', provider: { close: true as never }, says: /close is no method/ },
			],
			'answers capabilities at once, from data': [
				{ wrong: 'a promise', provider: capable(async () => CAPABILITIES), says: /chat must be true or false|must be an object/ },
				{
					wrong: 'a field missing',
					provider: capable(() => ({ ...CAPABILITIES, tools: undefined })),
					says: /\.tools must be true/,
				},
				{
					wrong: 'a request begun',
					provider: capable(() => {
						setTimeout(() => undefined, 0);
						return CAPABILITIES;
					}),
					says: /begins something asynchronous/,
				},
				{
					wrong: 'another answer each time',
					provider: fickle,
					says: /answers differently the second time/,
				},
				{ wrong: 'no chat', provider: capable(() => ({ ...CAPABILITIES, chat: false })), says: /does not chat/ },
			],
			'lists models under its own name': [
				{ wrong: 'another name', provider: lists({ provider: 'other' }), says: /names the provider "other", not "sound"/ },
				{ wrong: 'no price', provider: lists({ price: undefined }), says: /models\[0\]\.price must be an object/ },
				{
					wrong: 'a negative price',
					provider: lists({ price: { ...MODEL.price, input: -1 } }),
					says: /price\.input must be a number/,
				},
				{ wrong: 'a window that is no number', provider: lists({ contextWindow: '8k' }), says: /contextWindow must be a whole/ },
				{ wrong: 'no list', provider: { listModels: async () => ({ data: [] }) as never }, says: /models must be a list/ },
				{ wrong: 'a model twice', provider: { listModels: async () => [MODEL, MODEL] }, says: /"m" is listed twice/ },
				{ wrong: 'a secret', provider: lists({ name: 'with sk-secret' }), says: /the model list holds a secret/ },
				{ wrong: 'a rejection', provider: { listModels: () => Promise.reject(new Error('no')) }, says: /^Error: no$/ },
			],
			'reports that it is healthy': [
				{ wrong: 'true alone', provider: { isHealthy: async () => true as never }, says: /the report must be an object/ },
				{ wrong: 'no time', provider: healthy({ healthy: true }), says: /latencyMs must be a number/ },
				{ wrong: 'a negative time', provider: healthy({ healthy: true, latencyMs: -3 }), says: /latencyMs must be a number/ },
				{ wrong: 'illness', provider: healthy({ healthy: false, latencyMs: 3, detail: 'down' }), says: /not healthy: down/ },
			],
			'may be closed twice': [
				{
					wrong: 'an error the second time',
					provider: closedOnce,
					says: /closed already/,
				},
			],
		},
	);
});
