import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, OutputFormat } from '../../spec/index.ts';
import { Fields, read, same, table } from '../shared/index.ts';

function decodeSchema(wire: JsonObject, path: string): OutputFormat {
	const fields = new Fields(read.required(wire, 'json_schema', path, read.object), read.at(path, 'json_schema'));
	const output: OutputFormat = { type: 'json_schema', schema: fields.take('schema', read.object) ?? {} };
	const name = fields.take('name', read.string);
	const description = fields.take('description', read.string);
	const strict = fields.take('strict', read.boolean);
	if (name !== undefined) output.name = name;
	if (description !== undefined) output.description = description;
	if (strict !== undefined) output.strict = strict;
	return output;
}

/** Schemas some servers take under other types: `json_object` with `schema`, `json` with `value`. */
function decodeLoose(schema: JsonValue | undefined): OutputFormat {
	return isObject(schema) ? { type: 'json_schema', schema } : { type: 'json' };
}

const DECODERS = table<(wire: JsonObject, path: string) => OutputFormat>({
	text: () => ({ type: 'text' }),
	json_object: (wire) => decodeLoose(wire.schema),
	json: (wire) => decodeLoose(wire.value),
	json_schema: decodeSchema,
	grammar: (wire, path) => ({ type: 'grammar', grammar: read.required(wire, 'grammar', path, read.string) }),
	regex: (wire, path) => ({ type: 'regex', pattern: read.required(wire, 'pattern', path, read.string) }),
});

/** Reads `response_format`; undefined for a type only some vendor has. */
export function decodeOutputFormat(value: JsonValue, path: string): OutputFormat | undefined {
	const wire = read.object(value, path);
	const type = read.required(wire, 'type', path, read.string);
	return DECODERS[type]?.(wire, path);
}

/** The dialect demands a name for a schema. */
const DEFAULT_NAME = 'response';

/** Writes `response_format`; `asItCame` is repeated while it still says the same. */
export function encodeOutputFormat(output: OutputFormat, asItCame: JsonValue | undefined): JsonValue {
	if (asItCame !== undefined && same(decodeOutputFormat(asItCame, 'response_format'), output)) return asItCame;
	if (output.type === 'json') return { type: 'json_object' };
	if (output.type !== 'json_schema') return { ...output };
	const { type, name, ...rest } = output;
	return { type, json_schema: { name: name ?? DEFAULT_NAME, ...rest } };
}
