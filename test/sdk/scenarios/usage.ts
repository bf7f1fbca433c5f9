import { expect } from 'vitest';
import type { Cell, Scenario } from '../cell.ts';
import type { Answer } from '../neutral.ts';

const LONG = 'A rather long text that stays the same from one request to the next. '.repeat(120);

/** Compares what the client saw, what Relais recorded and what the vendor's bill says. */
async function expectBilled(cell: Cell, answer: Answer): Promise<void> {
	const { surface, vendor, world } = cell;
	const billed = world.billed(answer.headers).usage;
	if (billed === null) throw new Error('the bill has no usage');
	const { usage } = answer;
	expect(usage.inputTokens).toBe(billed.inputTokens);
	expect(usage.outputTokens).toBe(billed.outputTokens);
	const { lacks = [] } = surface;
	const told = vendor.can.cacheReads && !lacks.includes('cacheReads');
	if (told) expect(usage.cacheReadTokens ?? 0).toBe(billed.cacheReadTokens);
	if (told) expect(usage.cacheWriteTokens ?? 0).toBe(billed.cacheWriteTokens);
	if (surface.can.cacheWrites) expect(usage.cacheWriteTokens).toBe(billed.cacheWriteTokens);
	if (vendor.can.reasoningTokens && !lacks.includes('reasoningTokens'))
		expect(usage.reasoningTokens ?? 0).toBe(billed.reasoningTokens);
	const record = await world.gateway.record(answer.headers.get('x-relais-request-id') ?? '');
	const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = record.usage ?? {};
	expect({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }).toEqual({
		inputTokens: billed.inputTokens,
		outputTokens: billed.outputTokens,
		cacheReadTokens: vendor.can.cacheReads ? billed.cacheReadTokens : 0,
		cacheWriteTokens: billed.cacheWriteTokens,
	});
	if (vendor.can.reasoningTokens) expect(reasoningTokens).toBe(billed.reasoningTokens);
}

/** Tokens: the client, Relais and the vendor's bill agree. */
export const USAGE: readonly Scenario[] = [
	{
		name: 'usage of a text',
		run: async (cell) => expectBilled(cell, await cell.ask({ system: 'Be brief.', turns: [{ user: 'Hello' }] })),
	},
	{
		name: 'usage only where it is asked for',
		modes: ['iterator'],
		run: async (cell) => {
			if (!cell.surface.can.silentUsage) return 'always there';
			const answer = await cell.ask({ turns: [{ user: 'Hello' }], usage: false });
			expect(answer.usage).toMatchObject({ inputTokens: -1, outputTokens: -1 });
			expect(answer.stop).toBe('end');
			const record = await cell.world.gateway.record(answer.headers.get('x-relais-request-id') ?? '');
			expect(record.usage).toMatchObject({
				inputTokens: cell.world.billed(answer.headers).usage?.inputTokens,
				outputTokens: cell.world.billed(answer.headers).usage?.outputTokens,
			});
			return undefined;
		},
	},
	{
		name: 'usage with cached tokens',
		needs: 'cacheReads',
		run: async (cell) => {
			const turns = [{ user: [{ cached: LONG }, 'What is it about?'] }];
			const first = await cell.ask({ turns });
			await expectBilled(cell, first);
			const second = await cell.ask({ turns });
			await expectBilled(cell, second);
			if (cell.vendor.can.cacheMarks && !cell.surface.can.cacheMarks) return 'no marks';
			if (!cell.vendor.can.cacheReads) return 'not told';
			expect(second.usage.cacheReadTokens).toBeGreaterThan(1000);
			const written = cell.world.billed(first.headers).usage?.cacheWriteTokens ?? 0;
			expect(written > 1000).toBe(cell.vendor.can.cacheMarks);
			return undefined;
		},
	},
	{
		name: 'usage with reasoning tokens',
		run: async (cell) => {
			for (const { model, way } of cell.vendor.thinkers) {
				const think = { way: cell.surface.can.budget ? way : ('effort' as const), effort: 'high' as const };
				const answer = await cell.ask({ model: cell.pin(model), think, turns: [{ user: 'Hello' }] });
				expect(cell.world.billed(answer.headers).usage?.reasoningTokens).toBeGreaterThan(10);
				await expectBilled(cell, answer);
			}
			return cell.vendor.can.reasoningTokens ? undefined : 'not stated';
		},
	},
	{
		name: 'token counts',
		modes: ['whole'],
		run: async ({ client, request, vendor, world }) => {
			if (client.countTokens === undefined) return 'no such call';
			const ask = request({ system: 'Be brief.', turns: [{ user: 'Hello there. '.repeat(50) }] });
			const counted = await client.countTokens(ask);
			const told = client.headers().get('x-relais-warnings');
			const answer = await client.ask(ask, 'whole');
			const billed = world.billed(answer.headers).usage?.inputTokens ?? 0;
			if (vendor.can.countTokens) {
				expect(counted).toBe(billed);
				expect(told).toBeNull();
				return undefined;
			}
			expect(Math.abs(counted - billed)).toBeLessThan(billed * 0.1);
			expect(told).toContain('estimated');
			return 'estimated, warned';
		},
	},
];
