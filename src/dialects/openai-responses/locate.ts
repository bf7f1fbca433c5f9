import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { read } from '../shared/index.ts';
import { decodeInputPlaces, type Place } from './input-decode.ts';

const MESSAGE = /^messages\[(\d+)\](?:\.content\[(\d+)\])?(.*)$/;

/** Fields that have other names here. */
const FIELDS: { readonly [canonical: string]: string } = {
	max_tokens: 'max_output_tokens',
	response_format: 'text.format',
	verbosity: 'text.verbosity',
	logprobs: 'include',
	messages: 'input',
};

/** What stands among the values of `include`. */
const INCLUDED = 'reasoning.encrypted_content';

/** The place in a client's body that a path of the canonical request stands for. */
export function locate(body: JsonValue, path: string): string {
	if (!isObject(body)) return path;
	const inMessage = MESSAGE.exec(path);
	if (inMessage !== null) {
		const [, message, part, rest = ''] = inMessage;
		return locatePart(body, path, Number(message), part === undefined ? undefined : Number(part), rest);
	}
	if (path === INCLUDED) return 'include';
	const [field = '', ...more] = path.split('.');
	if (field === 'user' && body.user === undefined && body.safety_identifier !== undefined) return 'safety_identifier';
	const name = FIELDS[field];
	return name === undefined || !Object.hasOwn(FIELDS, field) ? path : [name, ...more].join('.');
}

function locatePart(body: JsonObject, path: string, message: number, part: number | undefined, rest: string): string {
	const told = typeof body.instructions === 'string' ? 1 : 0;
	if (told === 1 && message === 0) return `instructions`;
	if (typeof body.input === 'string') return message === told ? `input${part === undefined ? rest : ''}` : path;
	const places = decodeInputPlaces(body.input ?? null)[message - told];
	if (places === undefined) return path;
	const place = part === undefined ? places[0] : places[part];
	if (place === undefined) return part === undefined || places.length > 0 ? path : 'input';
	const base = read.at('input', place.item);
	return part === undefined ? `${base}${rest}` : `${base}${within(body.input, place, rest)}`;
}

/** Where in its item a part stands: in the content or output, or, where the item is nothing else, the item itself. */
function within(input: JsonValue | undefined, { item, part }: Place, rest: string): string {
	const wire = Array.isArray(input) ? input[item] : undefined;
	if (!isObject(wire)) return rest;
	const inside = /^\.content\[(\d+)\](.*)$/.exec(rest);
	if (wire.output !== undefined && wire.content === undefined) {
		if (inside !== null) return Array.isArray(wire.output) ? `.output[${inside[1]}]${inside[2]}` : `.output${inside[2]}`;
		return rest === '' ? '.output' : rest;
	}
	if (wire.type === 'reasoning' || wire.content === undefined) return rest;
	return Array.isArray(wire.content) ? `.content[${part}]${rest}` : `.content${rest}`;
}
