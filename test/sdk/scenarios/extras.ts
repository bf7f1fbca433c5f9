import { expect } from 'vitest';
import type { Scenario } from '../cell.ts';
import { opening, warned } from '../world.ts';

/** What only some clients and some vendors know. */
export const EXTRAS: readonly Scenario[] = [
	{
		name: 'several answers (n)',
		run: async ({ client, request, surface, vendor, mode }) => {
			if (!surface.can.candidates) return 'no such field';
			const ask = request({ turns: [{ user: 'Hello' }], candidates: 3 });
			if (!vendor.can.candidates) {
				const error: unknown = await client.ask(ask, mode).catch((thrown: unknown) => thrown);
				expect(error).toBeInstanceOf(surface.errorClass(400));
				expect(surface.read(error).message).toContain('Only one answer can be asked for at a time');
				return 'refused';
			}
			const answer = await client.ask(ask, mode);
			const text = `${opening(vendor, vendor.plain)} you said «Hello».`;
			expect(answer.candidates).toEqual([text, `${text} (choice 2)`, `${text} (choice 3)`]);
			return undefined;
		},
	},
	{
		name: 'log-probabilities',
		run: async ({ ask, surface, vendor }) => {
			if (!surface.can.logprobs) return 'no such field';
			const answer = await ask({ turns: [{ user: 'Hello' }], logprobs: 2 });
			if (vendor.can.logprobs) {
				expect(answer.logprobTokens).toBe(answer.text);
				return undefined;
			}
			expect(answer.logprobTokens).toBeUndefined();
			const dropped = answer.warnings.map(({ kind, path }) => `${kind} ${path}`);
			expect(dropped.length).toBeGreaterThan(0);
			expect(dropped.every((each) => /^dropped .*(logprobs|include)/i.test(each))).toBe(true);
			return 'dropped, warned';
		},
	},
	{
		name: 'fields only this surface has',
		run: async ({ ask, surface, vendor, native }) => {
			const answer = await ask({ turns: [{ user: 'Hello' }], extra: surface.peculiar.fields });
			expect(answer.text).toBe(`${opening(vendor, vendor.plain)} you said «Hello».`);
			const unknown = surface.peculiar.warnings.filter((field) => !vendor.can.fields.includes(field));
			const whole = native && !vendor.can.drops;
			expect(warned(answer).sort()).toEqual(whole ? [] : unknown);
			return whole ? undefined : 'dropped, warned';
		},
	},
	{
		name: 'a refusal',
		needs: 'refusals',
		run: async ({ ask, surface, vendor }) => {
			const answer = await ask({ turns: [{ user: 'Simulate a refusal, please.' }] });
			const wordless = surface.lacks?.includes('filters') === true;
			const told = vendor.can.refusals !== false && (surface.can.refusals || (!vendor.can.refusalText && !wordless));
			if (!told) expect(answer.stop).toBe('end');
			else
				expect(answer.stop).toBe(
					vendor.can.refusals === 'filtered' && surface.dialect.startsWith('openai') ? 'filtered' : 'refusal',
				);
			// The Messages API says why in `stop_details`, which this surface shows apart from the text.
			const shown = surface.dialect.startsWith('openai') && vendor.can.refusals !== 'filtered';
			const silent = !shown && !vendor.can.refusalText;
			expect(answer.text).toMatch(silent ? /^$/ : /I cannot help with that|asked to refuse/);
		},
	},
	{
		name: 'a content filter',
		needs: 'filters',
		run: async ({ client, request, surface, vendor, mode }) => {
			const ask = request({ turns: [{ user: 'Simulate a content filter, please.' }] });
			if (vendor.can.filter === 'error') {
				const error: unknown = await client.ask(ask, mode).catch((thrown: unknown) => thrown);
				expect(error).toBeInstanceOf(surface.errorClass(400));
				expect(surface.read(error).message).toContain('blocked by content filtering policy');
				return 'an error';
			}
			const answer = await client.ask(ask, mode);
			if (vendor.can.filter === 'none') {
				expect(answer.stop).not.toBe(surface.dialect.startsWith('openai') ? 'filtered' : 'refusal');
				return 'no word for it';
			}
			expect(answer.stop).toBe(surface.dialect.startsWith('openai') ? 'filtered' : 'refusal');
			return undefined;
		},
	},
	{
		name: 'list of models',
		needs: 'models',
		modes: ['whole'],
		run: async ({ client, vendor }) => {
			const ids = await client.models();
			expect(ids).toContain(vendor.plain);
			for (const thinker of vendor.thinkers) expect(ids).toContain(thinker.model);
			expect(new Set(ids).size).toBe(ids.length);
			expect(client.headers().get('x-relais-request-id')).toMatch(/^[0-9a-f-]{36}$/);
		},
	},
	{
		name: 'one model',
		needs: 'models',
		modes: ['whole'],
		run: async ({ client, pin, surface, vendor }) => {
			expect(await client.model(vendor.plain)).toBe(vendor.plain);
			expect(await client.model(pin(vendor.plain))).toBe(pin(vendor.plain));
			const error: unknown = await client.model('no-such-model').catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(surface.errorClass(404));
			expect(surface.read(error).message).toContain('no-such-model');
		},
	},
];
