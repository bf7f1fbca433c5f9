import { z } from 'zod';
import { MAX_DURATION_MS, parseSize, parseTimeLimit } from './units.ts';

/** What a part of the config must be, in words: "must be {expects}", or, where that says too little, a message and a cure. */
export interface Expectation {
	expects: string;
	message?: string;
	cure?: string;
}

export const expectations = z.registry<Expectation>();

/** A transform that refuses what `parse` gives up on. */
function parsed<I extends string | number | boolean, O>(parse: (value: I) => O | undefined) {
	return (value: I, context: z.core.$RefinementCtx<I>): O => {
		const result = parse(value);
		if (result !== undefined) return result;
		context.issues.push({ code: 'custom', input: value, message: 'not understood' });
		return z.NEVER;
	};
}

/**
 * Values that come from variables are texts: numbers and booleans are taken from those too. `\${` passes here, for editors, and is
 * refused after that if a variable did not replace it.
 */
export function whole(min: number, max: number) {
	return z
		.union([z.int().min(min).max(max), z.string().regex(/^\s*\d+\s*$|\$\{/)])
		.transform(
			parsed((value) => {
				const number = Number(value);
				return number >= min && number <= max ? number : undefined;
			}),
		)
		.register(expectations, { expects: `a whole number from ${min} to ${max}` });
}

export function amount() {
	return z
		.union([z.number().positive(), z.string().regex(/^\s*\d+(\.\d+)?\s*$|\$\{/)])
		.transform(parsed((value) => (Number(value) > 0 ? Number(value) : undefined)))
		.register(expectations, { expects: 'a number above 0' });
}

const FLAGS = new Map<string | boolean, boolean>([
	[true, true],
	['true', true],
	[false, false],
	['false', false],
]);

export function flag() {
	return z
		.union([z.boolean(), z.string().regex(/^(true|false)$|\$\{/)])
		.transform(parsed((value) => FLAGS.get(value)))
		.register(expectations, { expects: 'true or false' });
}

/** In ms. */
export function duration() {
	return z
		.union([z.number().min(0).max(MAX_DURATION_MS), z.string()])
		.transform(parsed(parseTimeLimit))
		.register(expectations, { expects: 'a duration such as 250ms, 30s, 5m or 1h (24 days at most), or 0' });
}

/** In bytes. @param max greatest size taken */
export function size(max: number) {
	return z
		.union([z.int().min(1).max(max), z.string()])
		.transform(
			parsed((value) => {
				const bytes = parseSize(value);
				return bytes !== undefined && bytes >= 1 && bytes <= max ? bytes : undefined;
			}),
		)
		.register(expectations, { expects: 'a size such as 32mb or 512kb, 1gb at most' });
}

export function text(expects = 'a text') {
	return z.string().min(1).register(expectations, { expects });
}

/** Names users write in requests, before a slash or alone. */
export function name() {
	return z
		.string()
		.regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
		.register(expectations, {
			expects: 'a name: letters, digits, "-", "_", "." and ":", 64 characters at most, a letter or digit first',
		});
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
	return z.enum(values).register(expectations, { expects: values.map((value) => `"${value}"`).join(' or ') });
}
