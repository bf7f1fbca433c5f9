import { describe, expect, it } from 'vitest';
import { isRelaisError } from '../../spec/index.ts';
import { KeyRing } from './key-ring.ts';

const ring = new KeyRing('keys', [
	{ name: 'all', key: 'rk-all-0123456789', models: ['*'] },
	{ name: 'some', key: 'rk-some-0123456789', models: ['gpt-*', 'local/llama3.1'] },
]);

function refusal(presented: string | undefined): string {
	try {
		ring.authenticate(presented);
	} catch (error) {
		if (isRelaisError(error)) return `${error.code}: ${error.message}`;
	}
	return 'accepted';
}

describe('a key', () => {
	it('is known by its value', () => {
		expect(ring.authenticate('rk-all-0123456789').name).toBe('all');
	});

	it('that is missing or wrong is refused, and a wrong one is not repeated', () => {
		expect(refusal(undefined)).toMatch(/^unauthorized: No API key/);
		expect(refusal('')).toMatch(/^unauthorized: No API key/);
		expect(refusal('sk-secret-of-somebody')).toMatch(/^unauthorized: This API key is not known/);
		expect(refusal('sk-secret-of-somebody')).not.toContain('sk-secret');
	});

	it('admits the models of its list only', () => {
		const some = ring.authenticate('rk-some-0123456789');
		expect(some.mayUse(['gpt-6-luna'])).toBe(true);
		expect(some.mayUse(['local/llama3.1'])).toBe(true);
		expect(some.mayUse(['local/llama3x1'])).toBe(false);
		expect(some.mayUse(['xgpt-6'])).toBe(false);
	});
});

describe('open mode', () => {
	const open = new KeyRing('open', [{ name: 'named', key: 'rk-named-0123456789', models: ['m'] }]);

	it('takes anybody, and still knows who shows a key', () => {
		expect(open.authenticate(undefined).name).toBeUndefined();
		expect(open.authenticate('anything').mayUse(['x'])).toBe(true);
		expect(open.authenticate('rk-named-0123456789').name).toBe('named');
	});
});
