import { isDeepStrictEqual } from 'node:util';
import type { ChatResponse, ContentPart } from '../../spec/index.ts';
import { ensure, show } from '../check.ts';
import { type Bodies, type Body, textOf } from './trial.ts';

const PROMPT = 'Count from one to twenty in words, separated by commas.';

const answersChat: Body = async (trial) => {
	ensureAnswers(await trial.chat(trial.request(PROMPT)));
	return undefined;
};

function ensureAnswers(answer: ChatResponse): void {
	const [first] = answer.candidates;
	ensure(first?.index === 0, `the first candidate has the index ${show(first?.index)}`);
	ensure(textOf(answer).trim() !== '', 'the answer holds no text');
	ensure(first.stop?.kind === 'stop', `the answer to a plain question ends with ${show(first.stop?.kind)}`);
	ensure((answer.usage?.inputTokens ?? 0) > 0, 'usage counts no input tokens');
	ensure((answer.usage?.outputTokens ?? 0) > 0, 'usage counts no output tokens');
}

const streamsByGrammar: Body = async (trial) => {
	const parts = await trial.stream(trial.request(PROMPT));
	const deltas = parts.filter((part) => part.type === 'text-delta');
	ensure(deltas.length > 1, `the text comes in ${deltas.length} piece: it is not streamed`);
	return undefined;
};

/** What two answers to the same request must share. */
function comparable(answer: ChatResponse): object {
	return {
		model: answer.model,
		candidates: answer.candidates.map(({ index, content, stop }) => ({ index, content: content.map(plain), stop: stop?.kind })),
		input: answer.usage?.inputTokens,
		output: answer.usage?.outputTokens,
	};
}

function plain(part: ContentPart): object {
	const { extensions: _, ...rest } = part;
	return rest;
}

const streamsWhatItAnswers: Body = async (trial) => {
	const whole = await trial.chat(trial.request(PROMPT));
	const streamed = await trial.streamed(trial.request(PROMPT));
	ensureAnswers(streamed);
	const [before, after] = [whole, streamed].map((answer) => answer.candidates.length);
	ensure(before === after, `the whole answer has ${before} candidates, the streamed one ${after}`);
	if (trial.settings.deterministic !== true) return undefined;
	const [a, b] = [comparable(whole), comparable(streamed)];
	ensure(isDeepStrictEqual(a, b), `the streamed answer ${show(b)} is not the whole one ${show(a)}`);
	return undefined;
};

const leavesRequest: Body = async (trial) => {
	const request = trial.request('Hello.', { sampling: { stop: ['\n\n'] }, maxOutputTokens: 200 });
	const before = structuredClone(request);
	await trial.provider.chat(request, trial.context());
	ensure(isDeepStrictEqual(request, before), 'chat changes the request it is given');
	request.stream = true;
	before.stream = true;
	for await (const _ of trial.provider.chatStream(request, trial.context()));
	ensure(isDeepStrictEqual(request, before), 'chatStream changes the request it is given');
	return undefined;
};

/** What a provider answers. */
export const ANSWERS: Bodies = {
	'answers a chat with content, a stop reason and usage': answersChat,
	'streams a chat by the grammar': streamsByGrammar,
	'streams what it answers whole': streamsWhatItAnswers,
	'leaves a request as it was': leavesRequest,
};
