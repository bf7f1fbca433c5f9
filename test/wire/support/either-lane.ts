import { isObject } from '../../../src/lib/json.ts';
import type { JsonObject } from '../../../src/spec/index.ts';
import { callWith, type Outcome } from './callers.ts';
import { differences } from './lanes.ts';
import { type Problems, withoutRequestId } from './own.ts';
import type { Answer } from './recordings.ts';
import { wantsStream } from './requests.ts';
import { modelOf, recordOf, type Stage } from './stage.ts';

/** Reasoning another vendor's model left in the history: its seal makes the request one to translate. */
const SEALED = 'relais.unsigned';
const SIGNED = 'EqQBCgIYAhIM';

function request(answer: Answer, signature: string): JsonObject {
	const thinking = { type: 'thinking', thinking: 'x', signature };
	return {
		model: modelOf(answer),
		max_tokens: 64,
		stream: wantsStream(answer),
		messages: [
			{ role: 'user', content: 'Hi' },
			{ role: 'assistant', content: [thinking, { type: 'text', text: 'y' }] },
			{ role: 'user', content: 'So?' },
		],
	};
}

/** What a client was given in the end: the message, however its events were cut. */
function given({ given: all, error }: Outcome): unknown {
	if (error !== undefined) return { ...error, message: withoutRequestId(error.message) };
	return isObject(all) && 'events' in all ? all.message : all;
}

/** The client of a messages vendor gets the same, whether its answer is passed through or translated there and back. */
export async function checkEitherLane(stage: Stage, answer: Answer): Promise<Problems> {
	const through = await callWith('messages', stage.relais, request(answer, SIGNED));
	const translated = await callWith('messages', stage.relais, request(answer, SEALED));
	const lanes = [through, translated].map(async (outcome) => (await recordOf(stage, outcome))?.attempts[0]?.lane);
	return [
		...differences(await Promise.all(lanes), ['pass-through', 'canonical'], 'lanes'),
		...differences(given(translated), given(through)),
	];
}
