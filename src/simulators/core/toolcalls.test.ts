import { describe, expect, it } from 'vitest';
import type { Prompt } from './prompt.ts';
import { plannedCalls, subjects } from './toolcalls.ts';

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather = { name: 'get_weather', schema: city };
const clock = { name: 'localTime', schema: city };

function planned(said: string, more: Partial<Prompt> = {}): string[] {
	const prompt: Prompt = {
		vendor: 'v',
		model: 'm',
		instructions: '',
		said,
		attachments: [],
		outcomes: [],
		tools: [weather, clock],
		toolChoice: 'auto',
		parallel: true,
		format: 'text',
		reasoning: 0,
		...more,
	};
	return plannedCalls(prompt).map(
		(call) => `${call.name}(${typeof call.input === 'string' ? call.input : Object.values(call.input).join()})`,
	);
}

const outcome = { name: 'get_weather', text: 'x', failed: false, attachments: [] };

describe('the simulated model', () => {
	it.each<[string, string[]]>([
		['Hello there', []],
		["What's the weather in Paris?", ['get_weather(Paris)']],
		['Weather in Paris and Rome', ['get_weather(Paris)', 'get_weather(Rome)']],
		['Weather in Paris, New York, and Rome', ['get_weather(Paris)', 'get_weather(New York)', 'get_weather(Rome)']],
		['Weather and time in Oslo', ['get_weather(Oslo)', 'localTime(Oslo)']],
		['Use a tool', ['get_weather(Use a tool)']],
		['Call them in parallel for Oslo', ['get_weather(Oslo)', 'localTime(Oslo)']],
	])('answers %j with %j', (said, calls) => {
		expect(planned(said)).toEqual(calls);
	});

	it('calls one tool twice for "parallel" where it has no other', () => {
		expect(planned('weather in parallel', { tools: [weather] })).toHaveLength(2);
	});

	it('keeps to one call, to none, to the one it is told', () => {
		expect(planned('Weather in Paris and Rome', { parallel: false })).toEqual(['get_weather(Paris)']);
		expect(planned('Weather in Paris', { toolChoice: 'none' })).toEqual([]);
		expect(planned('Hello', { toolChoice: { name: 'localTime' } })).toEqual(['localTime(Hello)']);
		expect(planned('Hello', { toolChoice: 'required' })).toEqual(['get_weather(Hello)']);
	});

	it('calls no more once the results are there, unless it must', () => {
		expect(planned('Weather in Paris', { outcomes: [outcome] })).toEqual([]);
		expect(planned('Weather in Paris', { outcomes: [outcome], toolChoice: 'required' })).toEqual(['get_weather(Paris)']);
	});

	it('finds what a text is about', () => {
		expect(subjects('tell me of Ålesund et Besançon')).toEqual(['Ålesund', 'Besançon']);
		expect(subjects('no names here')).toEqual(['no names here']);
		expect(subjects('')).toEqual(['sample']);
		expect(subjects('Aa '.repeat(200_000))).toHaveLength(1);
	});
});
