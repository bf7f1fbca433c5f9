import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { NUMBERS } from './options.ts';
import { unseal } from './seals.ts';

const PART = /^(messages\[(\d+)\])\.content\[(\d+)\](.*)$/;

/** Where fields of the canonical request stand here. */
const FIELDS = table<string>({
	...Object.fromEntries(NUMBERS.map(([wire]) => [wire, `options.${wire}`])),
	reasoning: 'think',
	'reasoning.effort': 'think',
	'reasoning.budget_tokens': 'think',
	'reasoning.summary': 'think',
	response_format: 'format',
	stop: 'options.stop',
	max_tokens: 'options.num_predict',
});

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	const inPart = PART.exec(path);
	if (inPart === null) return FIELDS[path] ?? path;
	const [, message = '', index, part, rest = ''] = inPart;
	const wire = isObject(body) && Array.isArray(body.messages) ? body.messages[Number(index)] : undefined;
	if (!isObject(wire)) return path;
	if (wire.role === 'tool') return locateInResult(wire, message, rest);
	const place = placesOf(wire)[Number(part)];
	return place === undefined ? path : `${message}.${place}${rest}`;
}

/** The members parts were read from, in the order of the parts. */
function placesOf(wire: JsonObject): string[] {
	const { content, thinking, images, tool_calls: calls, seals } = wire;
	const sealed = unseal(typeof thinking === 'string' ? thinking : '', seals);
	const reasoning = sealed?.length ?? (typeof thinking === 'string' && thinking !== '' ? 1 : 0);
	const each = (list: JsonValue | undefined, key: string): string[] =>
		Array.isArray(list) ? list.map((_, index) => `${key}[${index}]`) : [];
	return [
		...Array.from({ length: reasoning }, () => (thinking === undefined ? 'seals' : 'thinking')),
		...(typeof content === 'string' && content !== '' ? ['content'] : []),
		...each(images, 'images'),
		...each(calls, 'tool_calls'),
	];
}

/** A message of a tool is its result, whose own parts are text and images. */
function locateInResult(wire: JsonObject, message: string, rest: string): string {
	const inner = /^\.content\[(\d+)\](.*)$/.exec(rest);
	if (inner === null) return rest.startsWith('.') ? message + rest : message;
	const place = placesOf(wire)[Number(inner[1])];
	return place === undefined ? message : `${message}.${place}${inner[2] ?? ''}`;
}
