import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../dialects/index.ts';
import { dialectChecks } from './index.ts';

/** Samples a dialect has no form for, by its name. */
const WITHOUT: { readonly [dialect: string]: readonly string[] } = {
	ollama: ['an image under an address', 'a document'],
	cohere: ['a document'],
};

describe.each(DIALECTS)('the dialect $name', (dialect) => {
	const without = WITHOUT[dialect.name] ?? [];

	it.each(dialectChecks({ without }))('$name', async (check) => {
		const skipped = await check.run(dialect);
		expect(skipped).toBe(without.some((name) => check.name.endsWith(`: ${name}`)) ? 'the dialect has no form for it' : undefined);
	});
});
