import type { ChatRequest, JsonObject, OutputFormat } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { Fields, read, restored } from '../shared/index.ts';
import { nest, nested } from './forms.ts';

function decodeFormat(fields: Fields, left: JsonObject): OutputFormat | undefined {
	const type = fields.require('type', read.string);
	if (type === 'text') return { type };
	if (type === 'json_object') return { type: 'json' };
	if (type !== 'json_schema') {
		fields.leave('type');
		return undefined;
	}
	const output: OutputFormat = { type, schema: fields.require('schema', read.object) };
	const name = fields.take('name', read.string);
	const description = fields.take('description', read.string);
	const strict = fields.take('strict', read.boolean);
	if (name !== undefined) output.name = name;
	else left.$unnamed = true;
	if (description !== undefined) output.description = description;
	if (strict !== undefined) output.strict = strict;
	return output;
}

/** Takes `text` off a request: the form of the answer, and how wordy it should be. */
export function decodeText(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = fields.take('text', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('text'));
	const rest: JsonObject = { $there: true };
	const format = inner.take('format', read.object);
	if (format !== undefined) {
		const form = new Fields(format, inner.at('format'));
		const output = decodeFormat(form, rest);
		if (output !== undefined) request.output = output;
		nest(rest, 'format', form.rest());
	}
	const verbosity = inner.take('verbosity', read.string);
	if (verbosity !== undefined) request.verbosity = verbosity;
	nest(left, 'text', { ...inner.rest(), ...rest });
}

function unsupported(what: string): RelaisError {
	return new RelaisError('unsupported', `${what} cannot be asked for in this dialect.`, { param: 'response_format' });
}

/** The dialect demands a name for a schema. */
const DEFAULT_NAME = 'response';

function encodeFormat(output: OutputFormat, unnamed: boolean): JsonObject {
	if (output.type === 'text') return { type: 'text' };
	if (output.type === 'json') return { type: 'json_object' };
	if (output.type === 'grammar' || output.type === 'regex') throw unsupported(`An answer that follows a ${output.type}`);
	const { name, ...rest } = output;
	if (name === undefined && unnamed) return { ...rest };
	return { ...rest, name: name ?? DEFAULT_NAME };
}

/** Writes `text`. Throws `unsupported` for an answer bound by a grammar or an expression. */
export function encodeText(request: ChatRequest, left: JsonObject | undefined): JsonObject {
	const rest = nested(left, 'text');
	const format = nested(rest, 'format');
	const text: JsonObject = { ...restored(rest) };
	if (format !== undefined) text.format = restored(format);
	if (request.output !== undefined) {
		text.format = { ...restored(format), ...encodeFormat(request.output, rest?.$unnamed === true) };
	}
	if (request.verbosity !== undefined) text.verbosity = request.verbosity;
	return Object.keys(text).length === 0 && rest === undefined ? {} : { text };
}
