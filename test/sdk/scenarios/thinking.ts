import { expect } from 'vitest';
import type { Cell, Scenario } from '../cell.ts';
import type { Answer, Ask, Think, Turn } from '../neutral.ts';
import type { Thinker, Vendor } from '../vendors.ts';
import { WEATHER } from './tools.ts';

const UNPROVEN = /^dropped: Reasoning that bears no proof/;
const LEFT_OUT = /^dropped: Reasoning (that bears no proof|of another vendor)/;
/** Where surfaces have their conversations. */
const TURNS = /^(messages|contents|input)/;
const QUESTION = { user: 'What is the weather in Paris and Rome?' };

function wishFor({ surface }: Cell, { way }: Thinker): Think {
	return { way: surface.can.budget ? way : 'effort', effort: 'medium', shown: true };
}

function think(cell: Cell, thinker: Thinker, turns: Turn[], more: Partial<Ask> = {}): Promise<Answer> {
	return cell.ask({ model: cell.pin(thinker.model), think: wishFor(cell, thinker), turns, ...more });
}

/** Streamed reasoning as text, where the vendor shows any and the SDK puts it together. */
function expectShown(cell: Cell, thinker: Thinker, answer: Answer): void {
	const { surface, mode } = cell;
	const { lacks = [] } = surface;
	// Clients that read summaries only ask for one by themselves.
	const summarized = lacks.includes('foreignReasoning');
	if (summarized) {
		if (cell.native) expect(answer.reasoning).toMatch(/^The user said «/);
		else expect(answer.reasoning).toBe('');
		return;
	}
	const hidden = thinker.shows === 'none' || (thinker.shows === 'hidden' && !surface.can.budget);
	if (hidden || lacks.includes('reasoningText')) expect(answer.reasoning).toBe('');
	// This helper keeps of fields it does not know only the last piece.
	else if (surface.name === 'openai' && mode === 'helper') expect(answer.reasoning).not.toBe('');
	else expect(answer.reasoning).toMatch(/^The user said «.*I will (answer|call get_weather and get_weather)\.$/s);
}

/** A proof with another letter amid it. */
function forged(proof: string): string {
	return `${proof.slice(0, 20)}${proof[20] === 'A' ? 'B' : 'A'}${proof.slice(21)}`;
}

/** JSON in which every proof is forged. */
function forgedJson(json: string): string {
	return JSON.stringify(
		JSON.parse(json, (key, value: unknown) => (key === 'value' && typeof value === 'string' ? forged(value) : value)),
	);
}

/** What was sealed for a client, forged inside. */
function forgedSeal(sealed: string): string {
	const dot = sealed.lastIndexOf('.');
	const content = forgedJson(Buffer.from(sealed.slice(dot + 1), 'base64url').toString());
	return `${sealed.slice(0, dot + 1)}${Buffer.from(content).toString('base64url')}`;
}

/** How a seal in a field of bytes begins. */
const SEALED = Buffer.from('relais').toString('base64');

/** The same in a field of bytes. */
function forgedBytes(sealed: string): string {
	const text = Buffer.from(sealed, 'base64').toString();
	if (!text.includes('{')) return Buffer.from(forgedSeal(text)).toString('base64');
	const start = text.indexOf('{');
	return Buffer.from(text.slice(0, start) + forgedJson(text.slice(start))).toString('base64');
}

/** Bytes as they stand in JSON: their own form there would be an object with a member for each. */
function isBytes(value: unknown): value is Uint8Array {
	return value instanceof Uint8Array;
}

function textOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('latin1');
}

function revived(_key: string, value: unknown): unknown {
	const bytes = typeof value === 'object' && value !== null && '$bytes' in value ? value.$bytes : undefined;
	return typeof bytes === 'string' ? Uint8Array.from(Buffer.from(bytes, 'latin1')) : value;
}

/** Keys of proofs in messages of the AI SDK. */
const CAMEL = ['reasoningEncryptedContent', 'redactedData', 'redactedContent'];

/** An echo that is not what the model said: another thought under its signature, or another proof. */
function altered(native: unknown, vendor: Vendor): unknown {
	const text = JSON.stringify(native, (_key, value: unknown) => (isBytes(value) ? { $bytes: textOf(value) } : value));
	if (vendor.dialect === 'anthropic-messages' && !/"(encrypted_content|reasoningEncryptedContent)"/.test(text))
		return JSON.parse(text.replaceAll('The user said', 'The user wrote'), revived) as unknown;
	return JSON.parse(text, (key, value: unknown) => {
		if (typeof value === 'object') return revived(key, value);
		if (
			typeof value !== 'string' ||
			!['thought_signature', 'thoughtSignature', 'signature', 'seal', 'data', 'encrypted_content', '$bytes', ...CAMEL].includes(
				key,
			)
		)
			return value;
		if (value.startsWith(SEALED)) return forgedBytes(value);
		if (!value.startsWith('relais.')) return forged(value);
		return value.split('.').length > 2 ? forgedSeal(value) : value;
	}) as unknown;
}

/** Reasoning, and its way back to the vendor. */
export const THINKING: readonly Scenario[] = [
	{
		name: 'reasoning',
		run: async (cell) => {
			for (const thinker of cell.vendor.thinkers) {
				const answer = await think(cell, thinker, [{ user: 'Hello' }]);
				expect(answer.text).toContain('you said «Hello»');
				expect(answer.stop).toBe('end');
				expectShown(cell, thinker, answer);
				const billed = cell.world.billed(answer.headers).usage?.reasoningTokens ?? 0;
				expect(billed).toBeGreaterThan(0);
				if (cell.vendor.can.reasoningTokens && cell.surface.lacks?.includes('reasoningTokens') !== true)
					expect(answer.usage.reasoningTokens).toBe(billed);
			}
		},
	},
	{
		name: 'reasoning off',
		needs: 'reasoningOff',
		run: async (cell) => {
			const [thinker] = cell.vendor.thinkers;
			if (thinker === undefined) throw new Error('no thinker');
			const answer = await cell.ask({ model: cell.pin(thinker.model), turns: [{ user: 'Hello' }], think: { way: 'off' } });
			if (!cell.native && !cell.vendor.can.reasoningSwitch) {
				expect(answer.warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([`dropped ${cell.surface.paths.thinking}`]);
				return 'no switch, warned';
			}
			expect(answer.reasoning).toBe('');
			expect(cell.world.billed(answer.headers).usage?.reasoningTokens).toBe(0);
			expect(answer.warnings).toEqual([]);
			return undefined;
		},
	},
	{
		name: 'reasoning and calls, echoed with results',
		run: async (cell) => {
			const { lacks = [] } = cell.surface;
			const mute = lacks.includes('reasoningText');
			const unproven = lacks.includes('reasoningProofs') && !mute;
			for (const thinker of cell.vendor.thinkers) {
				const first = await think(cell, thinker, [QUESTION], { tools: [WEATHER] });
				expect(first.stop).toBe('tools');
				expectShown(cell, thinker, first);
				const results = first.calls.map((call) => ({ call, content: ['sunny'] }));
				const turns = [QUESTION, { answer: first }, { results }];
				const second = await think(cell, thinker, turns, { tools: [WEATHER] });
				expect(second.text).toContain('get_weather returned «sunny»; get_weather returned «sunny»');
				// The vendor's proofs came back unharmed: nothing of them was left out on the way.
				const lost = second.warnings.filter(({ path }) => TURNS.test(path));
				if (!unproven && !mute) expect(lost).toEqual([]);
				const more = [...turns, { answer: second }, { user: 'Thanks.' }];
				const third = await think(cell, thinker, more, { tools: [WEATHER] });
				expect(third.text).toContain('«Thanks.»');
				const left = third.warnings.filter(({ path }) => TURNS.test(path));
				if (unproven || mute) {
					const dropped = [...lost, ...left].filter(({ kind }) => kind !== 'notice');
					for (const { kind, message } of dropped) expect(`${kind}: ${message}`).toMatch(LEFT_OUT);
					continue;
				}
				// A proof that came with a text is lost where texts have no room for one.
				const textsLost = cell.vendor.dialect === 'gemini' && cell.surface.lacks?.includes('textProofs') === true;
				if ((thinker.loose !== true && !textsLost) || cell.native) expect(left).toEqual([]);
				else expect(left.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([expect.stringMatching(UNPROVEN)]);
			}
			if (mute) return 'shown and kept nowhere';
			return unproven ? 'without proofs, warned' : undefined;
		},
	},
	{
		name: 'redacted reasoning, echoed with results',
		needs: 'redactedReasoning',
		run: async (cell) => {
			if (!cell.vendor.can.redacted) return 'none';
			const question = { user: 'Simulate redacted thinking: what is the weather in Paris and Rome?' };
			for (const thinker of cell.vendor.thinkers) {
				const first = await think(cell, thinker, [question], { tools: [WEATHER] });
				expect(first.reasoning).toBe('');
				expect(JSON.stringify(first.native)).toMatch(
					/redacted_thinking|reasoning\.encrypted|"encrypted_content"|"thought":true|"seal"|"redactedContent"|"redactedData"|EncryptedContent"|"signature":"relais/,
				);
				const results = first.calls.map((call) => ({ call, content: ['sunny'] }));
				const second = await think(cell, thinker, [question, { answer: first }, { results }], { tools: [WEATHER] });
				expect(second.text).toContain('get_weather returned «sunny»');
				expect(second.warnings.filter(({ path }) => TURNS.test(path))).toEqual([]);
			}
			return undefined;
		},
	},
	{
		name: 'a tool forced while reasoning',
		needs: 'toolChoice',
		run: async (cell) => {
			const notes = new Set<string>();
			for (const thinker of cell.vendor.thinkers) {
				const ask = { tools: [WEATHER], choice: 'required' as const };
				const error: unknown = await think(cell, thinker, [{ user: 'What is the weather in Paris?' }], ask).then(
					(answer) => {
						expect(answer.calls).toHaveLength(1);
						if (answer.warnings.some(({ path }) => path === cell.surface.paths.toolChoice)) notes.add('not forced, warned');
					},
					(thrown: unknown) => thrown,
				);
				if (error === undefined) continue;
				// The vendor's own rule, which its own client is told of.
				expect(cell.native).toBe(true);
				expect(cell.surface.read(error).message).toContain('Thinking may not be enabled when tool_choice forces tool use');
				notes.add('refused');
			}
			return [...notes].join(', ');
		},
	},
	{
		name: 'changed reasoning',
		needs: 'proofsAtHand',
		run: async (cell) => {
			const [thinker] = cell.vendor.thinkers;
			if (thinker === undefined || cell.vendor.altered === undefined || thinker.shows === 'none') return 'no proofs';
			const first = await think(cell, thinker, [QUESTION], { tools: [WEATHER] });
			const native: unknown = altered(first.native, cell.vendor);
			const results = first.calls.map((call) => ({ call, content: ['sunny'] }));
			const turns = [QUESTION, { answer: { ...first, native } }, { results }];
			if (cell.vendor.dialect === 'openai-responses') {
				const last = await think(cell, thinker, turns, { tools: [WEATHER] });
				expect(last.text).toContain('get_weather returned «sunny»');
				expect(last.warnings.map(({ kind, message }) => `${kind}: ${message}`)).toContainEqual(
					expect.stringMatching(/^dropped: Reasoning of an earlier answer was left out/),
				);
				return 'left out, warned';
			}
			const error: unknown = await think(cell, thinker, turns, { tools: [WEATHER] }).catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(cell.surface.errorClass(400));
			expect(cell.surface.read(error).message).toContain(cell.vendor.altered);
			return undefined;
		},
	},
];
