import type { CallContext, StreamPart } from '../../spec/index.ts';
import { accumulate } from '../accumulate.ts';
import { ensure, ensureNone, within } from '../check.ts';
import { streamFault } from '../stream-grammar.ts';
import { type Bodies, type Body, rejection, type Trial, textOf } from './trial.ts';

const LONG = 'Count from one to forty in words, separated by commas.';

/** Time a slow model has to begin its work before it is cancelled, in ms. */
const HEAD_START_MS = 50;

function cancelled(): AbortSignal {
	const abort = new AbortController();
	abort.abort();
	return abort.signal;
}

/** A rejection by the signal's own reason is as good as a typed one. */
function ensureCancelled(trial: Trial, error: unknown, context: CallContext, what: string): void {
	ensure(error !== undefined, `${what} goes on as if nothing had happened`);
	if (error !== context.signal.reason) trial.ensureTyped(error, `the error of ${what}`);
}

const refusesCancelled: Body = async (trial) => {
	const { cancelLimitMs: limit } = trial.settings;
	const context = trial.context(cancelled());
	const request = trial.request(LONG);
	const chat = await within(limit, 'a chat that was cancelled before', rejection(trial.provider.chat(request, context)));
	ensureCancelled(trial, chat, context, 'a chat that was cancelled before');
	const stream = await within(limit, 'a stream that was cancelled before', trial.streamFailure(request, context));
	ensureCancelled(trial, stream, context, 'a stream that was cancelled before');
	return undefined;
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const endsCancelledChat: Body = async (trial) => {
	const { slowModel, model, cancelLimitMs } = trial.settings;
	const abort = new AbortController();
	const context = trial.context(abort.signal);
	const running = rejection(trial.provider.chat(trial.request(LONG, { model: slowModel ?? model }), context));
	if (slowModel !== undefined) await sleep(HEAD_START_MS);
	abort.abort();
	const error = await within(cancelLimitMs, 'a cancelled chat', running);
	// Without a slow model the answer may have been there before the signal.
	if (slowModel !== undefined || error !== undefined) ensureCancelled(trial, error, context, 'a cancelled chat');
	return undefined;
};

/** Reads a stream until it fails or ends; gives the failure. */
async function rest(parts: AsyncIterator<StreamPart>): Promise<unknown> {
	try {
		for (;;) {
			const next = await parts.next();
			if (next.done === true) return undefined;
			if (next.value.type === 'error') return next.value.error;
		}
	} catch (error) {
		return error;
	}
}

const endsCancelledStream: Body = async (trial) => {
	const { slowModel, cancelLimitMs } = trial.settings;
	const abort = new AbortController();
	const context = trial.context(abort.signal);
	const parts = trial.provider.chatStream(trial.request(LONG, { stream: true }), context)[Symbol.asyncIterator]();
	await parts.next();
	abort.abort();
	const error = await within(cancelLimitMs, 'a cancelled stream', rest(parts));
	ensureCancelled(trial, error, context, 'a cancelled stream');
	if (slowModel === undefined) return undefined;
	const second = new AbortController();
	const slow = trial.context(second.signal);
	const waiting = trial.streamFailure(trial.request(LONG, { model: slowModel }), slow);
	await sleep(HEAD_START_MS);
	second.abort();
	const early = await within(cancelLimitMs, 'a stream cancelled before its first part', waiting);
	ensureCancelled(trial, early, slow, 'a stream cancelled before its first part');
	return undefined;
};

const letsReaderStop: Body = async (trial) => {
	const parts = trial.provider.chatStream(trial.request(LONG, { stream: true }), trial.context())[Symbol.asyncIterator]();
	const first = await parts.next();
	ensure(first.done !== true, 'the stream is empty');
	if (parts.return === undefined) return undefined;
	await within(trial.settings.cancelLimitMs, 'leaving a stream', parts.return());
	const next = await within(trial.settings.cancelLimitMs, 'reading on after leaving', parts.next());
	ensure(next.done === true, 'the stream goes on after its reader has left');
	return undefined;
};

/** Words that no answer holds by chance. */
const WORDS = ['zephyrine', 'quillwort', 'obelisque', 'marzipane', 'krakatower', 'jubilance'];

function repeat(trial: Trial, word: string, stream: boolean) {
	return trial.request(`Repeat this word and say nothing else: ${word}`, { stream });
}

/** Fails where an answer speaks of another's question; `echoes`: each must hold its own word. */
function ensureApart(answers: readonly string[], echoes: boolean): void {
	for (const [index, answer] of answers.entries()) {
		const held = WORDS.filter((word) => answer.toLowerCase().includes(word));
		const others = held.filter((word) => word !== WORDS[index]);
		ensure(others.length === 0, `the answer to "${WORDS[index]}" speaks of "${others.join(', ')}"`);
		ensure(!echoes || held.length === 1, `the answer to "${WORDS[index]}" does not repeat it, as the answer to it alone does`);
	}
}

async function echoes(trial: Trial): Promise<boolean> {
	const [word = ''] = WORDS;
	return textOf(await trial.chat(repeat(trial, word, false)))
		.toLowerCase()
		.includes(word);
}

const keepsChatsApart: Body = async (trial) => {
	const echoing = await echoes(trial);
	const answers = await Promise.all(WORDS.map((word) => trial.chat(repeat(trial, word, false))));
	ensureApart(answers.map(textOf), echoing);
	return undefined;
};

/** Reads streams in turn, a part of each at a time. */
async function inTurn(streams: AsyncIterator<StreamPart>[]): Promise<StreamPart[][]> {
	const read = streams.map((): StreamPart[] => []);
	const open = new Map(streams.entries());
	while (open.size > 0) {
		for (const [index, stream] of open) {
			const next = await stream.next();
			if (next.done === true) open.delete(index);
			else read[index]?.push(next.value);
		}
	}
	return read;
}

const keepsStreamsApart: Body = async (trial) => {
	const echoing = await echoes(trial);
	const open = (word: string): AsyncIterator<StreamPart> =>
		trial.provider.chatStream(repeat(trial, word, true), trial.context())[Symbol.asyncIterator]();
	const streams = await inTurn(WORDS.map(open));
	for (const parts of streams) ensureNone(streamFault(parts));
	ensureApart(
		streams.map((parts) => textOf(accumulate(parts))),
		echoing,
	);
	return undefined;
};

/** How calls run: cancelled, left, side by side. */
export const COURSE: Bodies = {
	'begins nothing for a caller who has left': refusesCancelled,
	'ends a chat that is cancelled': endsCancelledChat,
	'ends a stream that is cancelled': endsCancelledStream,
	'lets a reader leave a stream': letsReaderStop,
	'keeps concurrent chats apart': keepsChatsApart,
	'keeps concurrent streams apart': keepsStreamsApart,
};
