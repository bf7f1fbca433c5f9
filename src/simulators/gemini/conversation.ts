import type { JsonObject } from '../../spec/index.ts';
import { isObject, object, objects, text } from '../core/json.ts';

/** A check of the turns: what is wrong, in the vendor's words. */
type Check = (contents: JsonObject[]) => string | undefined;

const DATA = [
	'text',
	'inlineData',
	'fileData',
	'functionCall',
	'functionResponse',
	'executableCode',
	'codeExecutionResult',
	'toolCall',
	'toolResponse',
];

function partFault(part: JsonObject, where: string): string | undefined {
	const data = DATA.filter((key) => part[key] !== undefined);
	if (data.length === 0 && part.thoughtSignature === undefined) {
		return `* ${where}.data: required oneof field 'data' must have one initialized field\n`;
	}
	if (data.length > 1) {
		const field = `${where.replace('GenerateContentRequest.', '')}`;
		return `Invalid value at '${field}' (oneof), oneof field 'data' is already set. Cannot set '${data[1]}'`;
	}
	if (isObject(part.functionCall) && text(part.functionCall.name) === '')
		return `* ${where}.function_call.name: Name cannot be empty.\n`;
	if (isObject(part.functionResponse) && text(part.functionResponse.name) === '') {
		return `* ${where}.function_response.name: Name cannot be empty.\n`;
	}
	return undefined;
}

const filled: Check = (contents) => {
	if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified\n';
	for (const [index, content] of contents.entries()) {
		const where = `GenerateContentRequest.contents[${index}]`;
		const role = content.role ?? 'user';
		if (role !== 'user' && role !== 'model' && role !== 'function') return 'Please use a valid role: user, model.';
		const parts = objects(content.parts);
		if (parts.length === 0) return `* ${where}.parts: contents.parts must not be empty.\n`;
		for (const [at, part] of parts.entries()) {
			const fault = partFault(part, `${where}.parts[${at}]`);
			if (fault !== undefined) return fault;
		}
	}
	return undefined;
};

/** Turns: consecutive contents of one side taken together. */
interface Turn {
	model: boolean;
	calls: JsonObject[];
	responses: JsonObject[];
}

function turnsOf(contents: JsonObject[]): Turn[] {
	const turns: Turn[] = [];
	for (const content of contents) {
		const model = content.role === 'model';
		let turn = turns.at(-1);
		if (turn === undefined || turn.model !== model) {
			turn = { model, calls: [], responses: [] };
			turns.push(turn);
		}
		for (const part of objects(content.parts)) {
			if (part.functionCall !== undefined) turn.calls.push(object(part.functionCall));
			if (part.functionResponse !== undefined) turn.responses.push(object(part.functionResponse));
		}
	}
	return turns;
}

const UNEQUAL =
	'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.';

function idFault(calls: JsonObject[], responses: JsonObject[]): string | undefined {
	const ids = new Set(calls.map((call) => text(call.id)));
	const stray = responses.find(
		(response) => text(response.id) !== '' && ids.size > 0 && !ids.has('') && !ids.has(text(response.id)),
	);
	return stray === undefined
		? undefined
		: `Function response with id '${text(stray.id)}' answers no function call of the turn before.`;
}

const paired: Check = (contents) => {
	const turns = turnsOf(contents);
	for (const [index, turn] of turns.entries()) {
		const before = turns[index - 1];
		if (turn.calls.length > 0 && (!turn.model || before === undefined)) {
			return 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.';
		}
		if (turn.responses.length > 0 && (turn.model || before === undefined || before.calls.length === 0)) {
			return 'Please ensure that function response turn comes immediately after a function call turn.';
		}
		const after = turns[index + 1]?.responses ?? [];
		if (turn.calls.length === 0) continue;
		if (turn.calls.length !== after.length) return UNEQUAL;
		const fault = idFault(turn.calls, after);
		if (fault !== undefined) return fault;
	}
	return undefined;
};

const CHECKS: Check[] = [filled, paired];

/** Checks roles, parts and the order of calls and their responses. */
export function conversationFault(contents: JsonObject[]): string | undefined {
	for (const check of CHECKS) {
		const fault = check(contents);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
