import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from '../core/controls.ts';
import { digest, idFrom, seal } from '../core/ids.ts';
import { list, number, text } from '../core/json.ts';
import { type Outcome, outcomeOf } from '../core/outcome.ts';
import { script, wantsRedaction } from '../core/script.ts';
import type { AnthropicModel } from './models.ts';
import { promptOf } from './prompt.ts';
import type { InputUsage } from './segments.ts';
import { type Thinking, thinkingOf } from './thinking.ts';

/** One block of an answer. `input`: JSON text, not whole where the token limit broke it off. */
export type Block =
	| { type: 'thinking'; thinking: string; signature: string }
	| { type: 'redacted_thinking'; data: string }
	| { type: 'text'; text: string }
	| { type: 'tool_use'; id: string; name: string; input: string; broken: boolean };

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	model: string;
	blocks: Block[];
	outcome: Outcome;
	stopReason: string;
	stopSequence: string | null;
	stopDetails: JsonObject | null;
	input: InputUsage;
}

/** What an answer is made from. */
export interface Question {
	request: JsonObject;
	bytes: Buffer;
	vendor: string;
	model: AnthropicModel;
	controls: Controls;
	input: InputUsage;
}

/** The seal of redacted thinking is as long as the thinking it stands for. */
const REDACTED_BYTES = 200;

function thinkingBlock(outcome: Outcome, thinking: Thinking, redacted: boolean, seed: string): Block {
	if (redacted) return { type: 'redacted_thinking', data: seal('redacted', '', seed, REDACTED_BYTES) };
	const shown = thinking.display === 'omitted' ? '' : outcome.reasoning;
	return { type: 'thinking', thinking: shown, signature: seal('thinking', shown, seed, 96 + outcome.reasoning.length / 4) };
}

function blocksOfAnswer(outcome: Outcome, thinking: Block | undefined, seed: string): Block[] {
	const blocks: Block[] = thinking === undefined ? [] : [thinking];
	if (outcome.text !== '') blocks.push({ type: 'text', text: outcome.text });
	for (const [position, call] of outcome.calls.entries()) {
		blocks.push({ type: 'tool_use', id: `toolu_01${idFrom(`${seed}/${position}`, 22)}`, ...call });
	}
	return blocks;
}

function stopReason(outcome: Outcome, windowEnded: boolean): string {
	if (outcome.ending === 'length') return windowEnded ? 'model_context_window_exceeded' : 'max_tokens';
	if (outcome.kind === 'refusal') return 'refusal';
	if (outcome.calls.length > 0) return 'tool_use';
	return outcome.ending === 'stop' ? 'stop_sequence' : 'end_turn';
}

const REFUSAL: JsonObject = {
	type: 'refusal',
	category: 'general_harms',
	explanation: 'The simulator was asked to refuse this request.',
};

/** Answers a request that is in order; undefined where the vendor's filter would block the answer. */
export function answerTo({ request, bytes, vendor, model, controls, input }: Question): Answer | undefined {
	const seed = digest(Buffer.concat([Buffer.from(vendor), bytes]));
	const thinking = thinkingOf(request, model);
	const prompt = promptOf(request, vendor, thinking);
	const written = script(prompt);
	if (written.kind === 'filtered') return undefined;
	const asked = number(request.max_tokens) ?? 0;
	const room = model.window - input.total;
	const bounds = { maxTokens: Math.min(asked, room), stops: list(request.stop_sequences).map(text), hiddenTokens: 0 };
	const outcome = outcomeOf(written.kind === 'refusal' ? { ...written, text: '' } : written, bounds, controls);
	const thought =
		thinking === undefined || outcome.reasoning === ''
			? undefined
			: thinkingBlock(outcome, thinking, wantsRedaction(prompt.said), seed);
	const reason = stopReason(outcome, room < asked);
	return {
		id: `msg_01${idFrom(seed, 22)}`,
		model: model.id,
		blocks: blocksOfAnswer(outcome, thought, seed),
		outcome,
		stopReason: reason,
		stopSequence: outcome.stop ?? null,
		stopDetails: reason === 'refusal' ? REFUSAL : null,
		input,
	};
}
