import { expect } from 'vitest';
import { z } from 'zod';
import type { Scenario } from '../cell.ts';
import { opening } from '../world.ts';

const Party = z.object({
	title: z.string(),
	day: z.enum(['monday', 'friday']),
	guests: z.array(z.object({ name: z.string(), age: z.number().nullable() })),
	place: z.union([z.object({ city: z.string() }), z.object({ url: z.string() })]),
});

/** Answers in JSON. */
export const SCHEMAS: readonly Scenario[] = [
	{
		name: 'JSON schema',
		run: async ({ ask, vendor }) => {
			const schema = {
				type: 'object',
				properties: { answer: { type: 'string' }, sure: { type: 'boolean' } },
				required: ['answer', 'sure'],
				additionalProperties: false,
			};
			const answer = await ask({ turns: [{ user: 'Hello' }], schema });
			const value: unknown = JSON.parse(answer.text);
			if (!vendor.can.schemas) {
				expect(value).toHaveProperty('answer');
				expect(answer.warnings.map(({ kind }) => kind)).toContain('approximated');
				return 'told in words, warned';
			}
			expect(value).toEqual({ answer: expect.stringContaining(opening(vendor, vendor.plain)) as string, sure: true });
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: "the SDK's zod helper",
		modes: ['whole', 'helper'],
		run: async ({ client, request, mode }) => {
			const parsed = await client.parse(request({ turns: [{ user: 'A party on friday' }] }), Party, mode);
			expect(Party.parse(parsed)).toEqual(parsed);
			expect(parsed?.day).toBe('friday');
			expect(parsed?.guests).toHaveLength(1);
		},
	},
];
