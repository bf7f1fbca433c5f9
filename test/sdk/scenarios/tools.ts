import { expect } from 'vitest';
import { PNG, WEATHER_SCHEMA } from '../../simulators/support.ts';
import type { Cell, Scenario } from '../cell.ts';
import type { Answer, Ask, Tool } from '../neutral.ts';
import { opening, warned } from '../world.ts';
import { thrown } from './expect-failure.ts';

/** The tool most scenarios offer. */
export const WEATHER = { name: 'get_weather', schema: WEATHER_SCHEMA };
const CALENDAR: Tool = {
	name: 'add_to_calendar',
	schema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false },
};
const NOTHING: Tool = { name: 'ping_server', schema: { type: 'object', properties: {}, additionalProperties: false } };
const QUESTION = { user: 'What is the weather in Paris and Rome?' };

async function twoCities({ ask }: Cell, more: Partial<Ask> = {}): Promise<Answer> {
	const answer = await ask({ turns: [QUESTION], tools: [WEATHER], ...more });
	expect(answer.stop).toBe('tools');
	expect(answer.calls.map(({ name, input }) => [name, input])).toEqual([
		['get_weather', { city: 'Paris', unit: 'celsius' }],
		['get_weather', { city: 'Rome', unit: 'celsius' }],
	]);
	expect(new Set(answer.calls.map((call) => call.id)).size).toBe(2);
	return answer;
}

/** Calls, results, choices. */
export const TOOLS: readonly Scenario[] = [
	{
		name: 'parallel calls, results, answer',
		run: async (cell) => {
			const first = await twoCities(cell);
			const results = first.calls.map((call, at) => ({ call, content: [`${20 + at} degrees`] }));
			const last = await cell.ask({ turns: [QUESTION, { answer: first }, { results }], tools: [WEATHER] });
			expect(last.text).toContain('get_weather returned «20 degrees»; get_weather returned «21 degrees»');
			expect(last.stop).toBe('end');
			expect(last.warnings).toEqual([]);
		},
	},
	{
		name: 'results in another order, one an error',
		run: async (cell) => {
			const { native, surface, vendor } = cell;
			const first = await twoCities(cell);
			const [paris, rome] = first.calls;
			if (paris === undefined || rome === undefined) throw new Error('there are two calls');
			const results = [
				{ call: rome, content: ['no such city'], failed: true },
				{ call: paris, content: ['20 degrees'] },
			];
			const last = await cell.ask({ turns: [QUESTION, { answer: first }, { results }], tools: [WEATHER] });
			// Where no ids tell calls apart, their order does.
			const told = (...said: string[]): string => (vendor.can.resultIds || native ? said : said.reverse()).join('; ');
			if (surface.can.failedResults && vendor.can.failedResults) {
				expect(last.text).toContain(told('get_weather failed with «no such city»', 'get_weather returned «20 degrees»'));
				expect(last.warnings).toEqual([]);
				return undefined;
			}
			const worded = surface.failedResult?.('no such city') ?? 'no such city';
			const said = surface.can.failedResults ? `Error: ${worded}` : worded;
			expect(last.text).toContain(told(`get_weather returned «${said}»`, 'get_weather returned «20 degrees»'));
			expect(last.warnings.length > 0).toBe(surface.can.failedResults);
			return surface.can.failedResults ? 'flag as text, warned' : undefined;
		},
	},
	{
		name: 'an image in a result',
		run: async (cell) => {
			const { native, surface, vendor } = cell;
			const first = await twoCities(cell);
			const image = { image: PNG, mediaType: 'image/png' as const };
			const results = first.calls.map((call, at) => ({
				call,
				content: at === 0 && surface.can.imageResults ? ['See:', image] : ['sunny'],
			}));
			const turns = [QUESTION, { answer: first }, { results }];
			const asked = cell.ask({ turns, tools: [WEATHER] });
			if (surface.can.imageResults && vendor.can.imageResults === 'refused') {
				expect(await thrown(asked)).toBeInstanceOf(surface.errors.api);
				if (vendor.imageResultsBy === undefined) return 'no model sees and calls';
			}
			const last = surface.can.imageResults && vendor.can.imageResults === 'refused' ? first : await asked;
			if (!surface.can.imageResults) return 'no such form';
			if (vendor.imageResultsBy !== undefined) {
				const seen = await cell.ask({ model: cell.pin(vendor.imageResultsBy), turns, tools: [WEATHER] });
				expect(seen.text).toContain('get_weather returned «See:» and 1 image');
				expect(warned(seen).some((path) => path.startsWith('messages[2]'))).toBe(false);
			}
			if (vendor.can.imageResults === 'refused') return 'not by the plain model';
			if (vendor.can.imageResults === 'apart') {
				expect(last.warnings.map((warning) => warning.kind)).toContain('changed');
				return 'in a turn of their own, warned';
			}
			expect(last.text).toContain('1 image: image/png 3x2 px 73 bytes');
			if (vendor.can.imageResults || native) {
				expect(last.text).toContain('get_weather returned «See:» and 1 image');
				expect(last.warnings).toEqual([]);
				return undefined;
			}
			expect(last.text).toContain('get_weather returned «See:»; get_weather returned «sunny»');
			expect(last.warnings.map((warning) => warning.kind)).toEqual(['changed']);
			return 'as user message, warned';
		},
	},
	{
		name: 'several rounds of calls',
		run: async (cell) => {
			const tools = [WEATHER, CALENDAR];
			const first = await twoCities(cell, { tools });
			const results = first.calls.map((call) => ({ call, content: ['sunny'] }));
			const turns = [QUESTION, { answer: first }, { results }];
			const second = await cell.ask({ turns, tools });
			const more = { user: 'Put it into my calendar.' };
			const third = await cell.ask({ turns: [...turns, { answer: second }, more], tools });
			expect(third.calls.map((call) => call.name)).toEqual(['add_to_calendar']);
			const entered = { results: third.calls.map((call) => ({ call, content: ['done'] })) };
			const last = await cell.ask({ turns: [...turns, { answer: second }, more, { answer: third }, entered], tools });
			expect(last.text).toContain('add_to_calendar returned «done»');
		},
	},
	{
		name: 'a call without arguments, an empty result',
		run: async ({ ask, native, vendor }) => {
			const question = { user: 'Please use ping_server.' };
			const first = await ask({ turns: [question], tools: [NOTHING] });
			expect(first.calls.map(({ name, input }) => [name, input])).toEqual([['ping_server', {}]]);
			const results = first.calls.map((call) => ({ call, content: [''] }));
			const last = await ask({ turns: [question, { answer: first }, { results }], tools: [NOTHING] });
			expect(last.text).toContain(
				vendor.can.emptyResults || native ? 'ping_server returned «»' : 'ping_server returned «(no output)»',
			);
		},
	},
	{
		name: 'tool choice: auto',
		run: async (cell) => {
			await twoCities(cell, { choice: 'auto' });
			const answer = await cell.ask({ turns: [{ user: 'Hello' }], tools: [WEATHER], choice: 'auto' });
			expect(answer.calls).toEqual([]);
		},
	},
	{
		name: 'tool choice: none',
		needs: 'noTool',
		run: async ({ ask, vendor }) => {
			const answer = await ask({ turns: [QUESTION], tools: [WEATHER], choice: 'none' });
			expect(answer.calls).toEqual([]);
			expect(answer.text).toContain(opening(vendor, vendor.plain));
			expect(answer.warnings.map(({ kind }) => kind)).toEqual(vendor.can.choices ? [] : ['changed']);
			return vendor.can.choices ? undefined : 'without tools, warned';
		},
	},
	{
		name: 'tool choice: required',
		needs: 'toolChoice',
		run: async ({ ask, surface, vendor }) => {
			const answer = await ask({ turns: [{ user: 'Hello' }], tools: [WEATHER, CALENDAR], choice: 'required' });
			if (!vendor.can.choices) {
				expect(warned(answer)).toEqual([expect.stringContaining(surface.paths.toolChoice)]);
				return 'not forced, warned';
			}
			expect(answer.calls.map((call) => call.name)).toEqual(['get_weather']);
			expect(answer.stop).toBe('tools');
			if (!vendor.can.forcedWhileThinking) {
				expect(answer.warnings.map(({ kind }) => kind)).toEqual(['defaulted']);
				return 'without thinking, warned';
			}
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: 'tool choice: one tool',
		needs: 'namedTool',
		run: async ({ ask, native, surface, vendor }) => {
			const choice = { name: 'add_to_calendar' };
			const answer = await ask({ turns: [{ user: 'Hello' }], tools: [WEATHER, CALENDAR], choice });
			if (!vendor.can.choices) {
				expect(warned(answer)).toEqual([expect.stringContaining(surface.paths.toolChoice)]);
				return 'not forced, warned';
			}
			expect(answer.calls.map((call) => call.name)).toEqual(['add_to_calendar']);
			// OpenAI itself ends a forced call with "stop", which passes through; other clients are told of the call.
			expect(answer.stop).toBe(native && vendor.can.forcedCallsStop ? 'end' : 'tools');
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: 'parallel calls off',
		run: async ({ ask, surface, vendor }) => {
			if (!surface.can.singleCalls) return 'no such field';
			const answer = await ask({ turns: [QUESTION], tools: [WEATHER], parallel: false });
			if (!vendor.can.singleCalls) {
				expect(answer.calls).toHaveLength(2);
				expect(answer.warnings.map(({ kind }) => kind)).toEqual(['dropped']);
				return 'dropped, warned';
			}
			expect(answer.calls.map((call) => call.input)).toEqual([{ city: 'Paris', unit: 'celsius' }]);
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: 'a tool that takes free text',
		run: async ({ ask, surface, vendor }) => {
			if (!surface.can.freeText) return 'no such form';
			const question = { user: 'Use the calculator for Six Times Seven' };
			const tools = [{ name: 'calculator' }];
			const first = await ask({ turns: [question], tools });
			expect(first.stop).toBe('tools');
			expect(first.calls.map((call) => call.name)).toEqual(['calculator']);
			expect(first.calls[0]?.input).toBe('Six Times Seven');
			expect(warned(first)).toEqual(vendor.can.freeText ? [] : ['tools[0]']);
			const results = first.calls.map((call) => ({ call, content: ['42'] }));
			const last = await ask({ turns: [question, { answer: first }, { results }], tools });
			expect(last.text).toContain('calculator returned «42»');
			return vendor.can.freeText ? undefined : 'as a function, warned';
		},
	},
	{
		name: "the SDK's own tool runner",
		modes: ['whole', 'helper'],
		run: async ({ client, request, mode }) => {
			const asked: unknown[] = [];
			const run = (input: unknown): string => {
				asked.push(input);
				return `${19 + asked.length} degrees`;
			};
			const ask = request({ turns: [QUESTION] });
			const text = await client.runTools(ask, [{ ...WEATHER, run }], mode === 'helper');
			expect(asked).toEqual([
				{ city: 'Paris', unit: 'celsius' },
				{ city: 'Rome', unit: 'celsius' },
			]);
			expect(text).toContain('get_weather returned «20 degrees»; get_weather returned «21 degrees»');
		},
	},
];
