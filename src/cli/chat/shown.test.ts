import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../spec/index.ts';
import type { TerminalIo } from '../terminal/index.ts';
import { ShownAnswer } from './shown.ts';

/** What is written for these parts, in order; on standard error in brackets. */
function show(parts: readonly StreamPart[], color = false): { all: string; text: string } {
	let all = '';
	const io: Pick<TerminalIo, 'out' | 'err' | 'color'> = {
		out: (text) => {
			all += text;
		},
		err: (text) => {
			all += `{${text}}`;
		},
		color,
	};
	const shown = new ShownAnswer(io);
	for (const part of parts) shown.take(part);
	shown.end();
	return { all, text: shown.text };
}

const thought: StreamPart[] = [
	{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', text: '' } },
	{ type: 'reasoning-delta', block: 0, text: 'Let me' },
	{ type: 'reasoning-delta', block: 0, summary: ' see.' },
	{ type: 'block-end', block: 0 },
];
const said: StreamPart[] = [
	{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
	{ type: 'text-delta', block: 1, text: 'Four' },
	{ type: 'text-delta', block: 1, text: '.' },
	{ type: 'block-end', block: 1 },
];

describe('an answer on the terminal', () => {
	it('dims reasoning, and marks it where there are no colours', () => {
		expect(show([...thought, ...said], true).all).toBe('{\u001b[2mLet me\u001b[0m}{\u001b[2m see.\u001b[0m}{\n}Four.\n');
		expect(show([...thought, ...said])).toEqual({ all: '{[reasoning] }{Let me}{ see.}{\n}Four.\n', text: 'Four.' });
	});

	it('shows tool calls with their input, each on a line of its own', () => {
		const call = (block: number, name: string): StreamPart[] => [
			{ type: 'block-start', block, candidate: 0, content: { type: 'tool-call', id: 'c', name, kind: 'function', input: '' } },
			{ type: 'tool-input-delta', block, input: '{"a":' },
			{ type: 'tool-input-delta', block, input: '1}' },
			{ type: 'block-end', block },
		];
		const { all, text } = show([...said, ...call(2, 'add'), ...call(3, 'sub')]);
		expect(all).toBe('Four.\n{[calls add] }{{"a":}{1}}{\n}{[calls sub] }{{"a":}{1}}{\n}');
		expect(text).toBe('Four.');
	});

	it('shows whole answers too', () => {
		const parts: StreamPart[] = [
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', summary: ['One.', 'Two.'] } },
			{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: 'Whole.' } },
			{ type: 'block-start', block: 2, candidate: 0, content: { type: 'image', source: { type: 'url', url: 'https://h/i' } } },
		];
		expect(show(parts).all).toBe('{[reasoning] }{One.\nTwo.}{\n}Whole.\n{[image]}{\n}');
	});

	it('lets no model move the cursor or retitle the window', () => {
		const parts: StreamPart[] = [
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '\u001b]0;owned\u0007' } },
			{ type: 'text-delta', block: 0, text: 'a\u009b2Jb\r\n\tc' },
		];
		expect(show(parts).all).toBe('\\x1b]0;owned\\x07a\\x9b2Jb\n\tc\n');
	});
});
