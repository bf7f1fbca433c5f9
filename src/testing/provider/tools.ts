import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, ChatResponse, ContentPart, Message, Tool } from '../../spec/index.ts';
import { ensure, show } from '../check.ts';
import { type Bodies, type Body, partsOf, type Trial, textOf } from './trial.ts';

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

/** How a provider hands a model's calls of tools over, and their results back. */
export const TOOLS: Bodies = {
	'calls a tool and takes its result': roundTrip((trial, request) => trial.chat(request)),
	'streams a tool call and takes its result': roundTrip((trial, request) => trial.streamed(request)),
};
