import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../dialects/index.ts';
import { dialectChecks } from './index.ts';

describe.each(DIALECTS)('the dialect $name', (dialect) => {
	it.each(dialectChecks())('$name', async (check) => {
		expect(await check.run(dialect)).toBeUndefined();
	});
});
