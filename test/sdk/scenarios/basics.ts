import { expect } from 'vitest';
import type { Scenario } from '../cell.ts';
import { opening } from '../world.ts';

const UNICODE = 'Grüße 😀 你好 👩‍👩‍👧 \u202eabc\u202c e\u0301 \u{1F468}\u{1F3FD} «quoted» "double" \\ back';

/** Texts, conversations, limits. */
export const BASICS: readonly Scenario[] = [
	{
		name: 'text',
		run: async ({ ask, vendor, mode }) => {
			const answer = await ask({ turns: [{ user: 'Hello' }] });
			expect(answer.text).toBe(`${opening(vendor, vendor.plain)} you said «Hello».`);
			expect(answer.stop).toBe('end');
			expect(answer.id).not.toBe('');
			expect(answer.model).toContain(vendor.plain);
			expect(answer.warnings).toEqual([]);
			expect(answer.pieces).toBeGreaterThan(mode === 'whole' ? 0 : 8 / vendor.can.pieceWords);
			for (const [name, value] of [
				['x-relais-provider', vendor.name],
				['x-relais-model', vendor.plain],
				['x-relais-attempts', '1'],
			] as const) {
				expect(answer.headers.get(name)).toBe(value);
			}
		},
	},
	{
		name: 'system prompt',
		run: async ({ ask }) => {
			const answer = await ask({ system: 'Be brief.', turns: [{ user: 'Hello' }] });
			expect(answer.text).toContain('you said «Hello». My instructions: «Be brief.».');
			expect(answer.warnings).toEqual([]);
		},
	},
	{
		name: 'several turns',
		run: async ({ ask }) => {
			const first = await ask({ turns: [{ user: 'My name is Ada.' }] });
			const turns = [{ user: 'My name is Ada.' }, { answer: first }, { user: 'What is it?' }];
			const second = await ask({ turns });
			expect(second.text).toContain('you said «What is it?»');
			const third = await ask({ turns: [...turns, { answer: second }, { user: 'Sure?' }] });
			expect(third.text).toContain('you said «Sure?»');
			expect(third.usage.inputTokens).toBeGreaterThan(second.usage.inputTokens);
			expect(second.usage.inputTokens).toBeGreaterThan(first.usage.inputTokens);
		},
	},
	{
		name: 'unicode',
		run: async ({ ask }) => {
			const answer = await ask({ system: 'Réponds 簡潔に 🚀', turns: [{ user: UNICODE }] });
			expect(answer.text).toContain(`«${UNICODE}»`);
			expect(answer.text).toContain('«Réponds 簡潔に 🚀»');
		},
	},
	{
		name: 'unicode in pieces of 1 byte',
		modes: ['iterator', 'helper'],
		run: async ({ client, native, pin, surface, vendor, mode }) => {
			const comments = surface.can.comments || !native;
			const controls = comments ? 'split=1&comments=1&crlf=1' : 'split=1&crlf=1';
			const request = { model: pin(`${vendor.plain}#${controls}`), turns: [{ user: UNICODE }] };
			expect((await client.ask(request, mode)).text).toContain(`«${UNICODE}»`);
			return comments ? undefined : 'without comments';
		},
	},
	{
		name: 'a long answer',
		run: async ({ ask, vendor, world, mode }) => {
			const answer = await ask({ turns: [{ user: 'Write 3000 words.' }], maxTokens: 8000 });
			expect(answer.stop).toBe('end');
			expect(answer.text.split(' ')).toHaveLength(3000);
			expect(answer.usage.outputTokens).toBe(world.billed(answer.headers).usage?.outputTokens);
			if (mode !== 'whole') expect(answer.pieces).toBeGreaterThan(2900 / vendor.can.pieceWords);
		},
	},
	{
		name: 'token limit',
		run: async ({ ask, native, surface, vendor }) => {
			if (native && vendor.can.leastTokens > 3) {
				const error: unknown = await ask({ turns: [{ user: 'Hello' }], maxTokens: 3 }).catch((thrown: unknown) => thrown);
				expect(surface.read(error).message).toContain('below minimum value');
				return 'refused';
			}
			const answer = await ask({ turns: [{ user: 'Hello' }], maxTokens: 3 });
			const limit = Math.max(3, vendor.can.leastTokens);
			expect(`${opening(vendor, vendor.plain)} you said «Hello».`.startsWith(answer.text)).toBe(true);
			expect(answer.text).toHaveLength(limit * 4);
			expect(answer.stop).toBe('length');
			expect(answer.usage.outputTokens).toBe(limit);
			if (limit === 3) return undefined;
			expect(answer.warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([`changed ${surface.paths.maxTokens}`]);
			return 'raised, warned';
		},
	},
	{
		name: 'stop sequences',
		run: async ({ ask, surface, vendor }) => {
			if (surface.paths.stop === '') return 'no such field';
			const answer = await ask({ turns: [{ user: 'Hello' }], stop: ['(model', 'never'] });
			if (!vendor.can.stops) {
				expect(answer.text).toContain('«Hello»');
				expect(answer.warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([`dropped ${surface.paths.stop}`]);
				return 'dropped, warned';
			}
			expect(answer.text).toBe(`Simulated answer from ${vendor.name} `);
			const shown = surface.can.stopSequence && vendor.can.stopSequence === true;
			const met = surface.can.stopSequence && vendor.can.stopSequence !== false;
			expect(answer.stop).toBe(met ? 'sequence' : 'end');
			expect(answer.stopSequence).toBe(shown ? '(model' : undefined);
			return surface.can.stopSequence && !shown ? 'not named' : undefined;
		},
	},
	{
		name: 'temperature',
		run: async ({ ask }) => {
			const answer = await ask({ turns: [{ user: 'Hello' }], temperature: 0.5 });
			expect(answer.stop).toBe('end');
			expect(answer.warnings).toEqual([]);
		},
	},
	{
		name: 'a full context',
		run: async ({ client, pin, surface, vendor, mode }) => {
			const request = { model: pin(vendor.small ?? 'sim-small'), turns: [{ user: 'word '.repeat(2000) }], maxTokens: 10 };
			if (!vendor.can.overflow) {
				expect((await client.ask(request, mode)).usage.inputTokens).toBeLessThanOrEqual(1000);
				return 'cut by the vendor';
			}
			const error: unknown = await client.ask(request, mode).catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(surface.errorClass(400));
			expect(surface.read(error).message).toMatch(/context length|context window|prompt is too long|input is too long|tokens/i);
			return undefined;
		},
	},
];
