import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import type { Answer, Client, Mode, Surface, Think, Turn } from '../sdk/neutral.ts';
import { WEATHER } from '../sdk/scenarios/tools.ts';
import { anthropicSurface } from '../sdk/surfaces/anthropic.ts';
import { bedrockSurface } from '../sdk/surfaces/bedrock.ts';
import { geminiSurface } from '../sdk/surfaces/gemini.ts';
import { openaiSurface } from '../sdk/surfaces/openai.ts';
import { responsesSurface } from '../sdk/surfaces/responses.ts';
import { Table } from '../sdk/table.ts';
import { CHIEF, VENDORS as ROWS, type Vendor } from '../sdk/vendors.ts';
import { providerOf, simulatorsOf } from '../sdk/world.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { type Sniffer, startSniffer } from './sniffer.ts';

/*
 * A conversation of four turns that changes the vendor at each: every surface, from every vendor to every other. Nothing a vendor
 * refuses is sent, and each gets its own proofs back as soon as it is asked again.
 */

const SURFACES: readonly Surface[] = [openaiSurface, anthropicSurface, geminiSurface, responsesSurface, bedrockSurface];
/** The chief vendors, and those of further dialects whose models reason and call tools. */
const FURTHER = ['sim-bedrock', 'sim-cohere', 'sim-mistral', 'sim-ollama'];
const VENDORS = [...CHIEF, ...ROWS.filter(({ name }) => FURTHER.includes(name))];
const WAYS: readonly Mode[] = ['whole', 'iterator'];
const QUESTION = { user: 'What is the weather in Paris and Rome?' };
const AGAIN = { user: 'And the weather in Oslo and Bern?' };
const ANSWERED = 'get_weather returned «sunny»; get_weather returned «sunny»';

/** Members of the vendors' formats that hold proofs of reasoning. */
const PROOFS = /"(?:signature|thoughtSignature|encrypted_content|redactedContent|data)":\s?"([^"\\]{24,})"/g;

/** A reasoning item within an event. */
const REASONING_ITEM = /"id":"(rs_[^"]+)"[^{}]*(?:\{[^{}]*\}[^{}]*)*?"encrypted_content":"([^"]+)"/g;

let simulators: Simulators;
let sniffer: Sniffer;
let gateway: Gateway;
const table = new Table();

beforeAll(async () => {
	simulators = await startSimulators({ seed: 'grid', vendors: simulatorsOf(VENDORS) });
	sniffer = await startSniffer(simulators.url);
	gateway = await startGateway({
		config: { routing: { retries: 0 }, providers: VENDORS.map((vendor) => providerOf(vendor, sniffer.url)) },
	});
});
beforeEach(() => {
	simulators.reset();
	sniffer.calls.length = 0;
});
afterAll(async () => {
	await gateway.close();
	await sniffer.close();
	await simulators.close();
	console.log(`Four turns, the vendor changed at each (conversations held):\n${table}`);
});

interface Leg {
	answer: Answer;
	/** The body as the vendor got it. */
	asked: string;
	/** Proofs the vendor gave. */
	proofs: string[][];
	/** The vendor first refused what another vendor's account had encrypted. */
	amended: boolean;
}

/** The strongest wish for reasoning that the surface can put in its words. */
function wish(surface: Surface, vendor: Vendor): { model: string; think: Think } {
	const thinker = vendor.thinkers.at(-1);
	if (thinker === undefined) throw new Error(`${vendor.name} has no model that reasons`);
	const think: Think = { way: surface.can.budget ? thinker.way : 'effort', effort: 'medium', shown: true };
	return { model: `${vendor.name}/${thinker.model}`, think };
}

async function leg(surface: Surface, client: Client, mode: Mode, vendor: Vendor, turns: Turn[]): Promise<Leg> {
	const before = sniffer.calls.length;
	const answer = await client.ask({ ...wish(surface, vendor), turns, tools: [WEATHER] }, mode);
	const calls = sniffer.calls.slice(before);
	const call = calls.at(-1);
	// Nothing in a history tells which of two accounts of one dialect made it, until the wrong one is asked.
	const most = surface.dialect === 'openai-responses' ? 2 : 1;
	if (call === undefined || calls.length > most) throw new Error(`the vendor was called ${calls.length} times`);
	expect(call.status).toBe(200);
	expect(answer.headers.get('x-relais-provider')).toBe(vendor.name);
	return { answer, asked: call.asked, proofs: proofsIn(call.answered), amended: calls.length > 1 };
}

/** Proofs of an answer, each with the other forms it was given in: streams of Responses encrypt an item anew for each of its events. */
function proofsIn(answered: string): string[][] {
	const events = answered.split('\n').filter((line) => line.startsWith('data: {"type":"response.'));
	if (events.length === 0) return Array.from(answered.matchAll(PROOFS), ([, proof = '']) => [proof]);
	const byItem = new Map<string, string[]>();
	for (const event of events) {
		for (const [, id = '', proof = ''] of event.matchAll(REASONING_ITEM)) byItem.set(id, [...(byItem.get(id) ?? []), proof]);
	}
	return [...byItem.values()];
}

/** How many of the proofs stand in a body. */
function found(proofs: Leg['proofs'], { asked }: Leg): number {
	return proofs.filter((forms) => forms.some((proof) => asked.includes(proof))).length;
}

function resultsOf({ answer }: Leg): Turn {
	return { results: answer.calls.map((call) => ({ call, content: ['sunny'] })) };
}

/** Behind an address of unknown kind may stand a gateway, which takes proofs to their vendors; others leave them alone. */
function relays({ type }: Vendor): boolean {
	return type === 'openai-compatible';
}

/** Two accounts that both answer the client in its own dialect: each refuses what the other has encrypted, and so goes without. */
function twins({ dialect }: Surface, home: Vendor, other: Vendor): boolean {
	const native = [home, other].every(({ type }) => type === 'openai' || type === 'openai-responses-compatible');
	return dialect === 'openai-responses' && native && home !== other;
}

async function converse(surface: Surface, mode: Mode, home: Vendor, other: Vendor): Promise<string> {
	const client = surface.connect({ url: gateway.url, apiKey: TEST_KEY });
	const ask = (vendor: Vendor, turns: Turn[]): Promise<Leg> => leg(surface, client, mode, vendor, turns);
	const first = await ask(home, [QUESTION]);
	expect(first.answer.calls).toHaveLength(2);
	const told: Turn[] = [QUESTION, { answer: first.answer }, resultsOf(first)];
	const second = await ask(other, told);
	expect(second.answer.text).toContain(ANSWERED);
	const back: Turn[] = [...told, { answer: second.answer }, AGAIN];
	const third = await ask(home, back);
	expect(third.answer.calls).toHaveLength(2);
	const fourth = await ask(other, [...back, { answer: third.answer }, resultsOf(third)]);
	expect(fourth.answer.text).toContain(ANSWERED);
	if (twins(surface, home, other)) {
		expect([second, third, fourth].every((each) => each.amended)).toBe(true);
		return 'asked again without reasoning';
	}
	expect({ backHome: found(first.proofs, third), backThere: found(second.proofs, fourth) }).toEqual({
		backHome: first.proofs.length,
		backThere: second.proofs.length,
	});
	if (home === other) return `${first.proofs.length} proofs`;
	const strayed = (proofs: Leg['proofs'], leg: Leg, to: Vendor): number => (relays(to) ? 0 : found(proofs, leg));
	expect({ there: strayed(first.proofs, second, other), home: strayed(second.proofs, third, home) }).toEqual({
		there: 0,
		home: 0,
	});
	return '';
}

describe.each(SURFACES)('the official $name client', (surface) => {
	describe.each(VENDORS)('from $name', (home) => {
		describe.each(VENDORS)('to $name and back', (other) => {
			test.each(WAYS)('%s', (mode) =>
				table.run(`${surface.name}: from ${home.name}`, `to ${other.name}`, () => converse(surface, mode, home, other)),
			);
		});
	});
});
