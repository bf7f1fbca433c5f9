import { describe, expect, it } from 'vitest';
import type { Warning } from '../../spec/index.ts';
import { headerSafe, warningsHeader } from './headers.ts';

const warning = (message: string): Warning => ({ kind: 'dropped', path: 'messages[0]', message });

describe('the warnings header', () => {
	it('is JSON in plain ASCII that reads back the same', () => {
		const warnings = [warning('«é» and 漢字'), warning('plain')];
		const header = warningsHeader(warnings);
		expect(header).toMatch(/^[\x20-\x7e]*$/);
		expect(JSON.parse(header)).toEqual(warnings);
	});

	it('is cut to whole warnings and says how many are missing', () => {
		const many = Array.from({ length: 200 }, (_, index) => warning(`number ${index} ${'x'.repeat(100)}`));
		const header = warningsHeader(many);
		expect(header.length).toBeLessThanOrEqual(4096);
		const parsed = JSON.parse(header) as Warning[];
		expect(parsed.at(-1)?.message).toBe(`and ${200 - (parsed.length - 1)} more warnings`);
	});
});

describe('a header value made from a name or a vendor’s header', () => {
	it('is cut where it would burst the header block', () => {
		expect(headerSafe('x'.repeat(60_000))).toHaveLength(500);
	});

	it('holds nothing that could break the header block', () => {
		expect(headerSafe('a\r\nb é')).toBe('a%0D%0Ab %C3%A9');
		expect(headerSafe('😀')).toBe('%F0%9F%98%80');
		expect(headerSafe('\ud83d')).toBe('%EF%BF%BD');
	});
});
