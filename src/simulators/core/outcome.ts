import type { Controls } from './controls.ts';
import type { Script } from './script.ts';
import { atLeast, countTokens, firstTokens, ofBytes } from './tokens.ts';

/** A tool call as it will be sent: its input as JSON text (or the free text). */
export interface MadeCall {
	name: string;
	input: string;
	/** Cut off by the token limit: `input` is not whole. */
	broken: boolean;
}

/** An answer after limits and stop texts were applied. */
export interface Outcome {
	kind: Script['kind'];
	/** Why it ends: as the script does, at the token limit, or at a stop text. */
	ending: 'natural' | 'length' | 'stop';
	/** The stop text that ended it. */
	stop?: string;
	reasoning: string;
	text: string;
	calls: MadeCall[];
	reasoningTokens: number;
	/** All of it, reasoning included. */
	outputTokens: number;
}

/** What bounds an answer. */
export interface Bounds {
	/** Greatest number of output tokens, reasoning included. */
	maxTokens: number;
	stops: readonly string[];
	/** Hidden reasoning, beside what the script writes out. */
	hiddenTokens: number;
}

/** Cuts the text before the first of the stop texts. */
function stopped(text: string, stops: readonly string[]): { text: string; stop?: string } {
	let at = text.length;
	let found: string | undefined;
	for (const stop of stops) {
		const index = stop === '' ? -1 : text.indexOf(stop);
		if (index >= 0 && index < at) {
			at = index;
			found = stop;
		}
	}
	return found === undefined ? { text } : { text: text.slice(0, at), stop: found };
}

/** Makes the text as long as the controls ask. Only prose can be stretched. */
function stretched(script: Script, controls: Controls): string {
	if (script.kind !== 'text' || script.text.startsWith('{') || script.text.startsWith('[')) return script.text;
	if (controls.answerBytes !== undefined) return ofBytes(script.text, controls.answerBytes);
	return controls.chunks === undefined ? script.text : atLeast(script.text, controls.chunks * 5);
}

/** Applies bounds to a script: reasoning spends tokens first, then the text, then the calls. */
export function outcomeOf(script: Script, bounds: Bounds, controls: Controls): Outcome {
	let left = bounds.maxTokens;
	let short = false;
	const spend = (text: string): string => {
		const tokens = countTokens(text);
		const kept = tokens <= left ? text : firstTokens(text, left);
		short ||= kept !== text;
		left -= Math.min(tokens, left);
		return kept;
	};
	const hidden = Math.min(bounds.hiddenTokens, left);
	short ||= hidden < bounds.hiddenTokens;
	left -= hidden;
	const reasoning = spend(script.reasoning);
	const cutText = stopped(stretched(script, controls), bounds.stops);
	const text = spend(cutText.text);
	const stop = short ? undefined : cutText.stop;
	const calls: MadeCall[] = [];
	for (const call of script.calls) {
		if (left === 0) short = true;
		if (short) break;
		const whole = typeof call.input === 'string' ? call.input : JSON.stringify(call.input);
		left -= Math.min(left, countTokens(call.name));
		const input = spend(whole);
		calls.push({ name: call.name, input, broken: input !== whole });
	}
	return {
		kind: script.kind,
		ending: short ? 'length' : stop === undefined ? 'natural' : 'stop',
		...(stop === undefined ? {} : { stop }),
		reasoning,
		text,
		calls,
		reasoningTokens: hidden + countTokens(reasoning),
		outputTokens: bounds.maxTokens - left,
	};
}
