import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { table } from '../shared/index.ts';

const PART = /^(messages\[(\d+)\])\.content\[(\d+)\](.*)$/;

/** Where fields of the canonical request stand here. */
const FIELDS = table<string>({
	top_p: 'p',
	top_k: 'k',
	reasoning: 'thinking',
	'reasoning.effort': 'thinking',
	'reasoning.budget_tokens': 'thinking.token_budget',
	'reasoning.summary': 'thinking',
	stop: 'stop_sequences',
});

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	const inPart = PART.exec(path);
	if (inPart === null) return FIELDS[path] ?? path;
	const [, message = '', index, part, rest = ''] = inPart;
	const list = isObject(body) && Array.isArray(body.messages) ? body.messages : [];
	const wire = list[Number(index)];
	if (!isObject(body) || !isObject(wire)) return path;
	if (wire.role === 'tool') return locateInResult(wire, message, rest);
	const places = placesOf(wire).map((place) => `${message}.${place}`);
	const lastUser = list.findLastIndex((each) => isObject(each) && each.role === 'user');
	if (lastUser === Number(index)) places.push(...each(body.documents, 'documents'));
	const place = places[Number(part)];
	return place === undefined ? path : place + rest;
}

function each(list: JsonValue | undefined, key: string): string[] {
	return Array.isArray(list) ? list.map((_, index) => `${key}[${index}]`) : [];
}

/** The members parts were read from, in the order of the parts. */
function placesOf({ content, tool_plan: plan, tool_calls: calls }: JsonObject): string[] {
	return [
		...(typeof content === 'string' && content !== '' ? ['content'] : each(content, 'content')),
		...(typeof plan === 'string' && plan !== '' ? ['tool_plan'] : []),
		...each(calls, 'tool_calls'),
	];
}

/** A message of a tool is its result, whose own parts are its content. */
function locateInResult({ content }: JsonObject, message: string, rest: string): string {
	const inner = /^\.content\[(\d+)\](.*)$/.exec(rest);
	if (inner === null) return message + rest;
	return Array.isArray(content) ? message + rest : `${message}.content${inner[2] ?? ''}`;
}
