import { isObject, tryParse } from '../../../src/lib/json.ts';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';
import { accumulate, parseEvents } from '../../support/anthropic/accumulate.ts';
import { list, type Reading, readChunks, readCompletion, readMessage } from './reading.ts';
import type { Answer } from './recordings.ts';

/** The data of each event, read in the plainest way: recordings hold no event of several data lines. */
export function eventData(text: string): string[] {
	return text
		.split(/\r\n|\n|\r/)
		.filter((line) => line.startsWith('data:'))
		.map((line) => line.slice(5).trim());
}

function objects(answer: Answer): JsonObject[] {
	return eventData(answer.bytes.toString('utf8'))
		.map((data) => tryParse(data))
		.filter(isObject);
}

/** What an answer says, read without Relais and without an official client. */
export function plainReading(answer: Answer): Reading {
	const text = answer.bytes.toString('utf8');
	if (!answer.streamed) {
		const body = tryParse(text);
		if (!isObject(body)) return readCompletion({});
		return answer.own === 'chat' ? readCompletion(body) : readMessage(body);
	}
	return answer.own === 'chat' ? readChunks(objects(answer)) : readMessage(accumulate(parseEvents(text)));
}

function wordsOf(body: JsonValue | undefined): string | undefined {
	if (typeof body === 'string') return body;
	if (!isObject(body)) return undefined;
	const { error, message, detail } = body;
	if (isObject(error)) return wordsOf(error);
	for (const words of [error, message, detail]) if (typeof words === 'string') return words;
	return wordsOf(list(detail).map((fault) => fault.msg)[0]);
}

/** The message of the error a vendor reported; undefined where it reported none. */
export function vendorWords(answer: Answer): string | undefined {
	const text = answer.bytes.toString('utf8');
	if (answer.status > 299) return wordsOf(tryParse(text) ?? text);
	if (!answer.streamed) return wordsOf(objectWithError(tryParse(text)));
	return objects(answer)
		.map((event) => wordsOf(objectWithError(event)))
		.find((words) => words !== undefined);
}

function objectWithError(value: JsonValue | undefined): JsonValue | undefined {
	return isObject(value) && value.error !== undefined && value.error !== null ? { error: value.error } : undefined;
}
