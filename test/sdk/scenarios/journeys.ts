import { expect } from 'vitest';
import type { Cell, Scenario } from '../cell.ts';
import { type Answer, type Ask, MODES, type Think, type Turn } from '../neutral.ts';
import { CHIEF, type Thinker, type Vendor } from '../vendors.ts';
import { failover, opening, standIn } from '../world.ts';
import { WEATHER } from './tools.ts';

const QUESTION = { user: 'What is the weather in Paris and Rome?' };

function askAt({ client, surface, mode }: Cell, vendor: Vendor, thinker: Thinker, turns: Turn[]): Promise<Answer> {
	const think: Think = { way: surface.can.budget ? thinker.way : 'effort', effort: 'medium', shown: true };
	return client.ask({ model: `${vendor.name}/${thinker.model}`, think, turns, tools: [WEATHER] }, mode);
}

function resultsOf(answer: Answer): Turn {
	return { results: answer.calls.map((call) => ({ call, content: ['sunny'] })) };
}

/** A question that calls tools, asked and answered at one vendor. */
async function round(cell: Cell, vendor: Vendor, thinker: Thinker, turns: Turn[]): Promise<Turn[]> {
	const asked = [...turns, QUESTION];
	const first = await askAt(cell, vendor, thinker, asked);
	expect(first.calls).toHaveLength(2);
	// Where the conversation began, the proofs of its beginning are still whole.
	const proven = cell.surface.lacks?.includes('reasoningProofs') !== true;
	if (turns.length > 0 && vendor.name === cell.vendor.name && proven)
		expect(first.warnings.filter(({ path }) => path.startsWith('messages[1]'))).toEqual([]);
	const told = [...asked, { answer: first }, resultsOf(first)];
	const second = await askAt(cell, vendor, thinker, told);
	expect(second.text).toContain(opening(vendor, thinker.model));
	expect(second.text).toContain('get_weather returned «sunny»; get_weather returned «sunny»');
	return [...told, { answer: second }];
}

/** What an answer says, whichever way it came. */
function essence({ text, calls, stop, usage, model }: Answer, counted: boolean): object {
	const said = { text, calls: calls.map(({ name, input }) => ({ name, input })), stop, model };
	return counted ? { ...said, usage } : said;
}

/** Conversations and loads that no single call shows. */
export const JOURNEYS: readonly Scenario[] = [
	{
		name: 'a conversation that goes to the other vendors and back',
		run: async (cell) => {
			const others = CHIEF.filter(({ name }) => name !== cell.vendor.name);
			for (const thinker of cell.vendor.thinkers) {
				let turns = await round(cell, cell.vendor, thinker, []);
				for (const other of others) {
					for (const elsewhere of other.thinkers) turns = await round(cell, other, elsewhere, turns);
				}
				await round(cell, cell.vendor, thinker, turns);
			}
		},
	},
	{
		name: 'calls of one vendor, results to another',
		run: async (cell) => {
			const others = CHIEF.filter(({ name }) => name !== cell.vendor.name);
			for (const thinker of cell.vendor.thinkers) {
				for (const other of others) {
					for (const elsewhere of other.thinkers) {
						const first = await askAt(cell, other, elsewhere, [QUESTION]);
						const turns = [QUESTION, { answer: first }, resultsOf(first)];
						const second = await askAt(cell, cell.vendor, thinker, turns);
						expect(second.text).toContain('get_weather returned «sunny»; get_weather returned «sunny»');
					}
				}
			}
		},
	},
	{
		name: 'another vendor in its place',
		run: async ({ ask, vendor }) => {
			const next = standIn(vendor);
			const model = failover(vendor);
			const text = await ask({ model, system: 'Be brief.', turns: [{ user: 'Hello' }] });
			expect(text.text).toBe(`${opening(next, next.plain)} you said «Hello». My instructions: «Be brief.».`);
			expect(text.headers.get('x-relais-attempts')).toBe('2');
			expect(text.headers.get('x-relais-provider')).toBe(next.name);
			const first = await ask({ model, turns: [QUESTION], tools: [WEATHER] });
			expect(first.calls).toHaveLength(2);
			const last = await ask({ model, turns: [QUESTION, { answer: first }, resultsOf(first)], tools: [WEATHER] });
			expect(last.text).toContain('get_weather returned «sunny»; get_weather returned «sunny»');
		},
	},
	{
		name: 'streamed and whole, the same is said',
		modes: ['whole'],
		run: async ({ client, request, pin, surface, vendor }) => {
			const counted = surface.lacks?.includes('sameRequests') !== true;
			const asks: Ask[] = [
				request({ system: 'Be brief.', turns: [{ user: 'Hello' }] }),
				request({ turns: [QUESTION], tools: [WEATHER] }),
				request({ turns: [{ user: 'Write 300 words.' }], maxTokens: 50 }),
				...vendor.thinkers.map(({ model }) => ({ model: pin(model), turns: [{ user: 'Hello' }] })),
			];
			for (const ask of asks) {
				const said = await Promise.all(MODES.map(async (mode) => essence(await client.ask(ask, mode), counted)));
				expect(said[1]).toEqual(said[0]);
				expect(said[2]).toEqual(said[0]);
			}
		},
	},
	{
		name: '20 calls at once, of all kinds',
		modes: ['whole'],
		run: async (cell) => {
			const { client, request, vendor, pin } = cell;
			const answers = Array.from({ length: 20 }, async (_, at) => {
				const mode = MODES[at % MODES.length] ?? 'whole';
				const user = `Call number ${at} of many`;
				if (at % 4 === 3) {
					const answer = await client.ask(request({ turns: [QUESTION], tools: [WEATHER] }), mode);
					return answer.calls.length === 2;
				}
				const model = at % 4 === 2 ? pin(`${vendor.plain}#latency-ms=20&chunks=${at + 5}`) : pin(vendor.plain);
				const answer = await client.ask(request({ model, turns: [{ user }] }), mode);
				return answer.text.includes(`«${user}»`);
			});
			expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => true));
			expect(client.requests()).toBe(20);
		},
	},
];
