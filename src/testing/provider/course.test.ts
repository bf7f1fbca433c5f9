import { describe } from 'vitest';
import {
	answer,
	begin,
	first0,
	forever,
	itFinds,
	parts,
	Quiet,
	stream,
	streaming,
} from '../../../test/support/sound-provider.ts';
import type { ChatRequest, Provider, StreamPart } from '../../spec/index.ts';
import { COURSE } from './course.ts';

function onAndOn(leave: () => Promise<IteratorResult<StreamPart>>): AsyncIterable<StreamPart> {
	const next = async (): Promise<IteratorResult<StreamPart>> => ({ done: false, value: { type: 'ping' } });
	return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Keeps the request of a call where the next one finds it. */
function confused(): Partial<Provider> {
	let last: ChatRequest;
	return {
		chat: async (request, context) => {
			await begin(request, context);
			last = request;
			await soon();
			return answer(last);
		},
	};
}

/** Loses its thread when it is asked more than one thing. */
function distracted(): Partial<Provider> {
	let asked = 0;
	return {
		chat: async (request) => {
			const whole = answer(request);
			return asked++ === 0 ? whole : first0(whole, { content: [{ type: 'text', text: 'Hm.' }] });
		},
	};
}

/** Tells in each stream what the last one that was read is about. */
function confusedStream(): Partial<Provider> {
	let last: ChatRequest;
	async function* chatStream(request: ChatRequest): AsyncIterable<StreamPart> {
		last = request;
		await soon();
		for (const index of parts(request).keys()) {
			const part = parts(last)[index];
			last = request;
			if (part !== undefined) yield part;
		}
	}
	return { chatStream };
}

describe('how calls run', () => {
	itFinds(COURSE, {
		'begins nothing for a caller who has left': [
			{
				wrong: 'a chat',
				provider: { chat: async (request) => answer(request) },
				says: /a chat that was cancelled before goes on/,
			},
			{
				wrong: 'a stream',
				provider: { chatStream: (request) => stream(request, new Quiet()) },
				says: /a stream that was cancelled before goes on/,
			},
			{
				wrong: 'another error',
				provider: { chat: () => Promise.reject(new TypeError('x')) },
				says: /the error of a chat that was cancelled before must be a RelaisError, is TypeError: x/,
			},
			{
				wrong: 'a wait',
				provider: { chat: () => new Promise(() => undefined) },
				says: /a chat that was cancelled before took longer than 150 ms/,
			},
		],
		'ends a chat that is cancelled': [
			{
				wrong: 'a signal nobody listens to',
				provider: { chat: () => new Promise(() => undefined) },
				says: /a cancelled chat took longer than 150 ms/,
			},
			{
				wrong: 'an answer all the same',
				provider: {
					chat: (request, context) => forever(context.signal).catch(() => answer(request)),
				},
				says: /a cancelled chat goes on as if nothing had happened/,
			},
		],
		'ends a stream that is cancelled': [
			{
				wrong: 'a stream that runs on',
				provider: { chatStream: (request) => stream({ ...request, model: 'm' }, new Quiet()) },
				says: /a cancelled stream goes on/,
			},
			{
				wrong: 'a stream that hangs',
				provider: {
					async *chatStream() {
						yield { type: 'start' };
						await new Promise(() => undefined);
					},
				},
				says: /a cancelled stream took longer than 150 ms/,
			},
			{
				wrong: 'a wait for the first part that nothing ends',
				provider: {
					async *chatStream(request, context) {
						if (request.model === 'slow') await new Promise(() => undefined);
						yield* stream(request, context);
					},
				},
				says: /cancelled before its first part took longer/,
			},
		],
		'lets a reader leave a stream': [
			{ wrong: 'an empty stream', provider: streaming(() => []), says: /the stream is empty/ },
			{
				wrong: 'a stream that goes on',
				provider: { chatStream: () => onAndOn(async () => ({ done: true, value: undefined })) },
				says: /goes on after its reader has left/,
			},
			{
				wrong: 'a stream that holds its reader',
				provider: { chatStream: () => onAndOn(() => new Promise(() => undefined)) },
				says: /leaving a stream took longer than 150 ms/,
			},
		],
		'keeps concurrent chats apart': [
			{
				wrong: 'shared state',
				provider: confused,
				says: /speaks of "jubilance"/,
			},
			{
				wrong: 'answers to nobody',
				provider: distracted,
				says: /does not repeat it, as the answer to it alone does/,
			},
		],
		'keeps concurrent streams apart': [
			{
				wrong: 'shared state',
				provider: confusedStream,
				says: /speaks of/,
			},
		],
	});
});
