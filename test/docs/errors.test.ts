import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/spec/index.ts';

it('the page on errors lists every code with its status and what happens next', () => {
	const page = readFileSync(new URL('../../docs/en/errors.md', import.meta.url), 'utf8');
	const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| (yes|no) \|/gm)].map(
		([, code, status, retryable, failover]) => [
			code,
			{ status: Number(status), retryable: retryable === 'yes', failover: failover === 'yes' },
		],
	);
	expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
});
