import { describe } from 'vitest';
import { answer, BROKEN, itFinds, Quiet, stream, streaming } from '../../../test/support/sound-provider.ts';
import { type HealthReport, type Provider, RelaisError } from '../../spec/index.ts';
import type { ProviderCheckOptions } from '../index.ts';
import { FAILURES } from './failures.ts';

const healthy = (report: object): Partial<Provider> => ({ isHealthy: async () => report as HealthReport });
const broken = (more: Partial<Provider>): Partial<ProviderCheckOptions> => ({ broken: () => ({ ...BROKEN, ...more }) });

describe('how a provider fails', () => {
	itFinds(FAILURES, {
		'reports what is broken, and fails with typed errors then': [
			{ wrong: 'a rejection', options: broken({ isHealthy: () => Promise.reject(new Error('down')) }), says: /^Error: down$/ },
			{ wrong: 'health', options: broken(healthy({ healthy: true, latencyMs: 1 })), says: /reports that it is healthy/ },
			{ wrong: 'no cause', options: broken(healthy({ healthy: false, latencyMs: 1 })), says: /does not name the cause/ },
			{
				wrong: 'a secret',
				options: broken(healthy({ healthy: false, latencyMs: 1, detail: 'sk-secret is wrong' })),
				says: /the report holds a secret/,
			},
			{ wrong: 'an answer', options: broken({ chat: async (request) => answer(request) }), says: /answers a chat/ },
			{
				wrong: 'a plain error',
				options: broken({ chat: () => Promise.reject(new TypeError('x')) }),
				says: /must be a RelaisError, is TypeError: x/,
			},
			{
				wrong: 'the name of another provider',
				options: broken({ chat: () => Promise.reject(new RelaisError('internal', 'x', { provider: 'other' })) }),
				says: /names the provider "other"/,
			},
			{
				wrong: 'a secret in an error',
				options: broken({ chat: () => Promise.reject(new RelaisError('provider_auth', 'bad key sk-secret')) }),
				says: /a chat's error holds a secret/,
			},
			{ wrong: 'a stream', options: broken(streaming((told) => told)), says: /answers a streamed chat/ },
			{
				wrong: 'a plain error of the list',
				options: broken({ listModels: () => Promise.reject(new Error('x')) }),
				says: /a listing's error must be/,
			},
		],
		'refuses an unknown model with a typed error': [
			{
				wrong: 'an answer',
				provider: { chat: async (request) => answer(request) },
				says: /a chat with the unknown model .* is answered/,
			},
			{
				wrong: 'a streamed answer',
				provider: { chatStream: (request) => stream({ ...request, model: 'm' }, new Quiet()) },
				says: /a streamed chat with the unknown model .* is answered/,
			},
			{
				wrong: 'a plain error',
				provider: { chat: () => Promise.reject(new Error('x')) },
				says: /must be a RelaisError, is Error: x/,
			},
			{
				wrong: 'another code',
				provider: { chat: () => Promise.reject(new RelaisError('internal', 'x')) },
				says: /fails as internal, not as model_not_found or provider_not_found/,
			},
			{
				wrong: 'nothing to read',
				provider: { chat: () => Promise.reject(new RelaisError('model_not_found', '')) },
				says: /message must be a text that is not empty/,
			},
		],
	});
});
