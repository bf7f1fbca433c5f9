import { defined } from '../../lib/json.ts';
import type {
	ContentPart,
	EmbedInput,
	EmbedRequest,
	EmbedResponse,
	JsonObject,
	JsonValue,
	TaskFormat,
	Usage,
	Vector,
} from '../../spec/index.ts';
import {
	answerFields,
	asAnswer,
	extend,
	type Fields,
	Losses,
	own,
	promptAndTotal,
	protocol,
	read,
	requestFields,
	taskUsage,
	usageObject,
	written,
} from '../shared/index.ts';
import { counted, firstType, identified } from './answers.ts';
import { isParts, type PartsReader, readInputs, textOf } from './inputs.ts';
import type { Packing } from './packing.ts';
import {
	cutOf,
	levelled,
	reportEach,
	reportLacking,
	requestRest,
	SIDES,
	type TaskWords,
	takeCut,
	takeSide,
	takeTask,
	taskOf,
	wordOf,
} from './tasks.ts';
import { readVector, writeVector } from './vectors.ts';

/** What servers of the form `{model, input}` -> `{data: [{index, embedding}]}` say in words of their own. */
export interface ListedForm {
	name: string;
	/** Field for the length of vectors. */
	dimensions: string;
	packing: Packing;
	/** Field and words for the purpose. Without `words` the field is passed between clients and servers of the format unread. */
	task?: { field: string; words?: TaskWords };
	/** Field for cutting inputs that are too long, and whether it names the side. */
	truncate?: { field: string; side: boolean };
	user?: string;
	/** Inputs that are objects. */
	parts?: { read: PartsReader; write(parts: readonly ContentPart[], index: number): JsonObject };
	/** Whether token ids are taken. */
	tokens?: boolean;
	usage?(usage: Usage): JsonObject;
}

/** A format of OpenAI's form. */
export function listedFormat(form: ListedForm): TaskFormat<'embed'> {
	const { name, usage = promptAndTotal } = form;
	return {
		name,
		task: 'embed',
		decodeRequest: (body) => ({ value: decodeRequest(form, requestFields(body)), warnings: [] }),
		encodeRequest: (request, model) => encodeRequest(form, request, model),
		decodeResponse: (body, request) =>
			asAnswer(() => ({ value: decodeResponse(name, answerFields(body), request), warnings: [] })),
		encodeResponse(response, request, { model }) {
			const losses = new Losses(name);
			const type = firstType(request);
			const items = own(response, name)?.$items;
			const data = response.vectors.map(
				(vector, index): JsonObject => ({
					object: 'embedding',
					index,
					embedding: writeVector(vector, type, request.packed === true),
					...itemRest(items, index),
				}),
			);
			const wire: JsonObject = { object: 'list', data, model: response.model ?? model };
			if (response.id !== undefined && own(response, name) !== undefined) wire.id = response.id;
			wire.usage = usageObject(name, response.usage, usage);
			return written(name, wire, response, losses);
		},
	};
}

function itemRest(items: JsonValue | undefined, index: number): JsonObject {
	const item = Array.isArray(items) ? items[index] : undefined;
	return typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {};
}

function decodeRequest(form: ListedForm, fields: Fields): EmbedRequest {
	const { task, truncate } = form;
	const model = fields.require('model', read.nonEmptyString);
	const input = fields.require('input', (value, path) => readInputs(value, path, form.parts?.read));
	const hint = task === undefined ? {} : task.words === undefined ? unread(fields, task.field) : takeTask(fields, task.field);
	const { $task, ...purpose } = hint;
	const request: EmbedRequest = {
		model,
		...input,
		...defined({ dimensions: fields.take(form.dimensions, read.integer(1)) }),
		...purpose,
		...(truncate === undefined ? {} : truncate.side ? takeSide(fields, truncate.field) : takeCut(fields, truncate.field)),
		...form.packing.take(fields),
		...(form.user === undefined ? {} : defined({ user: fields.take(form.user, read.string) })),
	};
	return { ...request, ...extend(form.name, requestRest(fields, $task)) };
}

/** A purpose that servers of the format may or may not know: it stays where it is, and other formats learn of it. */
function unread(fields: Fields, field: string): { task?: string; $task?: string } {
	const word = fields.take(field, read.string);
	if (word === undefined) return {};
	fields.keep(field);
	return { task: taskOf(word) };
}

function encodeRequest(form: ListedForm, given: EmbedRequest, model: string): ReturnType<TaskFormat<'embed'>['encodeRequest']> {
	const losses = new Losses(form.name);
	const request = levelled(given);
	const { task, truncate } = form;
	const inputs = request.inputs.map((input, index) => inputFor(form, input, index));
	const wire: JsonObject = { model, input: request.single === true && inputs.length === 1 ? (inputs[0] ?? '') : inputs };
	if (request.dimensions !== undefined) wire[form.dimensions] = request.dimensions;
	if (task?.words !== undefined) Object.assign(wire, defined({ [task.field]: wordOf(request, form.name, task.words, losses) }));
	else if (own(request, form.name) === undefined) reportLacking(request, losses, 'task');
	if (truncate?.side === true && request.truncate !== undefined) wire[truncate.field] = SIDES[request.truncate];
	else if (truncate?.side === false) Object.assign(wire, defined({ [truncate.field]: cutOf(request, losses) }));
	else reportLacking(request, losses, 'truncate');
	form.packing.put(wire, request, losses);
	if (form.user === undefined) reportLacking(request, losses, 'user');
	else if (request.user !== undefined) wire[form.user] = request.user;
	reportEach(given, losses);
	return written(form.name, wire, request, losses);
}

function inputFor(form: ListedForm, input: EmbedInput, index: number): JsonValue {
	if (isParts(input)) return form.parts === undefined ? textOf(input, index) : form.parts.write(input, index);
	return typeof input !== 'string' && form.tokens === true ? (input as number[]) : textOf(input, index);
}

function decodeResponse(name: string, fields: Fields, request: EmbedRequest): EmbedResponse {
	const items = fields.require('data', read.arrayOf(read.object));
	const type = firstType(request);
	const vectors: Vector[] = new Array(items.length);
	const rests: (JsonObject | null)[] = new Array(items.length).fill(null);
	const seen = new Set<number>();
	items.forEach((item, position) => {
		const index = typeof item.index === 'number' ? item.index : position;
		if (!Number.isInteger(index) || index < 0 || index >= items.length || seen.has(index))
			throw protocol(`The answer is malformed: data[${position}].index is ${index}.`);
		seen.add(index);
		vectors[index] = readVector(item.embedding ?? null, `data[${position}].embedding`, type);
		const { index: _, embedding: __, object: ___, ...rest } = item;
		if (Object.keys(rest).length > 0) rests[index] = rest;
	});
	fields.keep('object');
	const response = identified(fields, { vectors: counted(vectors, request) });
	const usage = taskUsage(name, fields.take('usage', read.object));
	if (usage !== undefined) response.usage = usage;
	else fields.leave('usage');
	const rest = fields.rest();
	return { ...response, ...extend(name, rests.some((each) => each !== null) ? { ...rest, $items: rests } : rest) };
}
