import { describe, expect, it } from 'vitest';
import { idFrom, seal, sealed } from './ids.ts';

describe('ids', () => {
	it('follow from their seed', () => {
		expect(idFrom('a', 24)).toBe(idFrom('a', 24));
		expect(idFrom('a', 24)).not.toBe(idFrom('b', 24));
		expect(idFrom('a', 80)).toMatch(/^[A-Za-z0-9]{80}$/);
	});
});

describe('a seal', () => {
	it('is known again for its purpose and content only', () => {
		const token = seal('thinking', 'a thought', 'seed');
		expect(sealed('thinking', 'a thought', token)).toBe(true);
		expect(sealed('thinking', 'another', token)).toBe(false);
		expect(sealed('redacted', 'a thought', token)).toBe(false);
		expect(sealed('thinking', 'a thought', token.slice(4))).toBe(false);
		expect(sealed('thinking', 'a thought', '')).toBe(false);
	});

	it('differs from answer to answer', () => {
		expect(seal('thinking', 'a thought', 'one')).not.toBe(seal('thinking', 'a thought', 'two'));
	});
});
