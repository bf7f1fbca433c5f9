import { isObject } from '../../../src/lib/json.ts';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** The pieces of a streamed answer, whether they came as events, as an array or one a line. */
export function pieces(text: string): JsonObject[] {
	if (text.trimStart().startsWith('[')) return JSON.parse(text) as JsonObject[];
	return text
		.split(/\r?\n/)
		.map((line) => line.replace(/^data: ?/, ''))
		.filter((line) => line.trim() !== '')
		.map((line) => JSON.parse(line) as JsonObject);
}

/**
 * What a client has when a stream is over: of each candidate, its parts with the texts of a kind joined, and of every other member what
 * was said last. An empty text says nothing.
 */
export function accumulate(stream: JsonObject[]): JsonObject {
	const answer: JsonObject = {};
	const candidates = new Map<JsonValue, JsonObject>();
	for (const { candidates: list, usageMetadata, ...rest } of stream) {
		Object.assign(answer, rest);
		if (isObject(usageMetadata)) answer.usageMetadata = { ...(answer.usageMetadata as JsonObject), ...usageMetadata };
		for (const candidate of Array.isArray(list) ? (list as JsonObject[]) : []) {
			const index = candidate.index ?? 0;
			const { content, ...members } = candidate;
			const told = candidates.get(index) ?? { parts: [] };
			candidates.set(index, { ...told, ...members, index, parts: joined(told.parts as JsonObject[], content) });
		}
	}
	return { ...answer, candidates: [...candidates.values()] };
}

function joined(parts: JsonObject[], content: JsonValue | undefined): JsonObject[] {
	const more = isObject(content) && Array.isArray(content.parts) ? (content.parts as JsonObject[]) : [];
	const all = [...parts];
	for (const part of more) {
		const last = all.at(-1);
		if (isObject(part.functionCall) && isObject(last?.functionCall) && last.functionCall.willContinue === true) {
			all[all.length - 1] = { ...last, functionCall: continued(last.functionCall, part.functionCall) };
			continue;
		}
		if (part.text === '' && Object.keys(part).length === 1) continue;
		const goesOn = typeof last?.text === 'string' && typeof part.text === 'string' && last.thought === part.thought;
		if (goesOn && last.thoughtSignature === undefined)
			all[all.length - 1] = { ...last, ...part, text: `${last.text}${part.text}` };
		else all.push(part);
	}
	return all;
}

/** A call with one more piece of its arguments; recordings hold only texts directly under the root. */
function continued(call: JsonObject, piece: JsonObject): JsonObject {
	const { willContinue: _, ...rest } = call;
	const args: JsonObject = { ...(isObject(call.args) ? call.args : {}) };
	for (const part of Array.isArray(piece.partialArgs) ? (piece.partialArgs as JsonObject[]) : []) {
		const name = String(part.jsonPath).replace('$.', '');
		args[name] = `${String(args[name] ?? '')}${String(part.stringValue)}`;
	}
	return { ...rest, args, ...(piece.willContinue === true ? { willContinue: true } : {}) };
}
