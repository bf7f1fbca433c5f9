import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../dialects/index.ts';
import { dialectChecks } from './index.ts';

/** Samples a dialect has no form for, by its name. */
const WITHOUT: { readonly [dialect: string]: readonly string[] } = {
	'bedrock-converse': ['an image under an address'],
	ollama: ['an image under an address', 'a document'],
	cohere: ['a document'],
};

/** Dialects whose answers name no model. */
const ANONYMOUS: readonly string[] = ['bedrock-converse'];

describe.each(DIALECTS)('the dialect $name', (dialect) => {
	const without = WITHOUT[dialect.name] ?? [];

	const anonymous = ANONYMOUS.includes(dialect.name);

	it.each(dialectChecks({ without, anonymous }))('$name', async (check) => {
		const skipped = await check.run(dialect);
		expect(skipped).toBe(without.some((name) => check.name.endsWith(`: ${name}`)) ? 'the dialect has no form for it' : undefined);
	});
});
