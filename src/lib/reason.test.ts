import { expect, it } from 'vitest';
import { reasonOf } from './reason.ts';

it('names the reason of whatever was thrown', () => {
	expect(reasonOf(new TypeError('no such thing'))).toBe('no such thing');
	expect(reasonOf('plain words')).toBe('plain words');
	expect(reasonOf(undefined)).toBe('undefined');
});
