import { isDeepStrictEqual } from 'node:util';
import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, ChatResponse, ContentPart, Message, Tool } from '../../spec/index.ts';
import { ensure, show } from '../check.ts';
import { type Body, partsOf, type Trial, textOf } from './trial.ts';

const PROMPT = 'Count from one to twenty in words, separated by commas.';

export const answersChat: Body = async (trial) => {
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

export const streamsByGrammar: Body = async (trial) => {
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

export const streamsWhatItAnswers: Body = async (trial) => {
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

export const leavesRequest: Body = async (trial) => {
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

const WEATHER: Tool = {
	type: 'function',
	name: 'get_weather',
	description: 'The current weather in a city.',
	parameters: {
		type: 'object',
		properties: { city: { type: 'string', description: 'Name of the city.' } },
		required: ['city'],
		additionalProperties: false,
	},
};

function toolRequest(trial: Trial): ChatRequest {
	return trial.request('What is the weather in Paris? Use the tool get_weather.', {
		tools: [WEATHER],
		toolChoice: { type: 'required' },
	});
}

function noTools({ provider, settings }: Trial): string | undefined {
	const calls = settings.tools ?? provider.capabilities(settings.model).tools ?? undefined;
	if (calls === true) return undefined;
	return calls === false ? 'the model calls no tools' : 'nothing says whether the model calls tools';
}

/** Fails unless the answer calls the tool as asked. */
function ensureCalls(answer: ChatResponse): void {
	const calls = partsOf(answer, 'tool-call');
	ensure(calls.length > 0, 'the model was told to call a tool, and the answer holds no call');
	const ids = calls.map((call) => call.id);
	ensure(ids.every((id) => id !== '') && new Set(ids).size === ids.length, `the calls have the ids ${show(ids)}`);
	for (const { name, input } of calls) {
		ensure(name === WEATHER.name, `the call names the tool ${show(name)}`);
		ensure(isObject(tryParse(input)), `the input of the call is no JSON object: ${show(input)}`);
	}
	const stop = answer.candidates[0]?.stop?.kind;
	ensure(stop === 'tool_calls' || stop === 'stop', `an answer that calls a tool ends with ${show(stop)}`);
}

/** The turn that goes back with the tools' results. */
function resultsOf(answer: ChatResponse): Message[] {
	const content = answer.candidates[0]?.content ?? [];
	const results = partsOf(answer, 'tool-call').map(
		(call): ContentPart => ({
			type: 'tool-result',
			callId: call.id,
			name: call.name,
			content: [{ type: 'text', text: '21 degrees and sunny' }],
		}),
	);
	return [
		{ role: 'assistant', content },
		{ role: 'tool', content: results },
	];
}

function roundTrip(answerTo: (trial: Trial, request: ChatRequest) => Promise<ChatResponse>): Body {
	return async (trial) => {
		const reason = noTools(trial);
		if (reason !== undefined) return reason;
		const { toolChoice: _, ...request } = toolRequest(trial);
		const called = await answerTo(trial, { ...request, toolChoice: { type: 'required' } });
		ensureCalls(called);
		const answer = await answerTo(trial, { ...request, messages: [...request.messages, ...resultsOf(called)] });
		ensure(textOf(answer) !== '' || partsOf(answer, 'tool-call').length > 0, 'the answer to a tool result is empty');
		return undefined;
	};
}

export const callsTool = roundTrip((trial, request) => trial.chat(request));
export const streamsToolCall = roundTrip((trial, request) => trial.streamed(request));
