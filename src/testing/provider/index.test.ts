import { describe, expect, it } from 'vitest';
import { wireOf } from '../../../test/support/providers.ts';
import { CAPABILITIES, OPTIONS, sound } from '../../../test/support/sound-provider.ts';
import type { Provider } from '../../spec/index.ts';
import { checkProvider, providerChecks } from '../index.ts';

const wire = wireOf({ baseUrl: 'http://127.0.0.1:9/v1' });

describe('a sound provider', () => {
	it('passes every check', async () => {
		const names = providerChecks(OPTIONS).map((check) => check.name);
		const found = await checkProvider({ ...sound(), wire }, OPTIONS);
		expect(found).toEqual(names.map((name) => ({ name, outcome: 'passed' })));
	});

	it('is spared what does not apply to it, with the reason', async () => {
		const { close: _, ...plain } = sound();
		const modest: Provider = { ...plain, capabilities: () => ({ ...CAPABILITIES, tools: false }) };
		const { broken: __, ...options } = OPTIONS;
		const found = await checkProvider(modest, { ...options, unknownModel: false });
		const skipped = found.filter((result) => result.outcome === 'skipped').map(({ name, detail }) => `${name}: ${detail}`);
		expect(skipped).toEqual([
			'describes its wire: it has no wire: it speaks for itself',
			'reports what is broken, and fails with typed errors then: no broken provider was given',
			'refuses an unknown model with a typed error: it answers under any model name',
			'calls a tool and takes its result: the model calls no tools',
			'streams a tool call and takes its result: the model calls no tools',
			'may be closed twice: it has nothing to close',
		]);
		expect(found.filter((result) => result.outcome === 'failed')).toEqual([]);
	});

	it('may have answered before it is cancelled where no slow model is named', async () => {
		const { slowModel: _, ...options } = OPTIONS;
		const found = await checkProvider(sound(), options);
		expect(found.filter((result) => result.outcome === 'failed')).toEqual([]);
	});
});

describe('a run', () => {
	it('goes on after a check that fails, and says what is wrong', async () => {
		const found = await checkProvider({ ...sound(), isHealthy: () => Promise.reject(new TypeError('bug')) }, OPTIONS);
		const failed = found.filter((result) => result.outcome === 'failed');
		expect(failed).toEqual([
			{ name: 'reports that it is healthy', outcome: 'failed', detail: 'TypeError: bug', error: new TypeError('bug') },
		]);
		expect(found.at(-1)).toMatchObject({ name: 'may be closed twice', outcome: 'passed' });
	});
});
