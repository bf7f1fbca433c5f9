import { isObject, jsonOrText } from '../../../lib/json.ts';
import { refusalUnderSuccess } from '../../../lib/refusal.ts';
import {
	type CallContext,
	type EmbedRequest,
	type EmbedResponse,
	type ModelInfo,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type TaskName,
	type Tasks,
	type Warning,
	type WireCall,
	type WireEndpoint,
} from '../../../spec/index.ts';
import { batches } from './cut.ts';
import { lineFor, type TaskLine, type TaskLines, type TaskPlace } from './line.ts';
import { merged } from './merge.ts';

/** Calls of one request that run at a time. */
const CONCURRENCY = 4;
/** Greatest size of an answer that is asked for, in bytes: a good part of what the transport gathers of one. */
const LARGEST_ANSWER = 48 * 1024 * 1024;
/** Bytes of one number, at the most: as text, and packed. */
const BYTES_WRITTEN = 24;
const BYTES_PACKED = 6;
/** The length of vectors where nobody says. */
const LONGEST_VECTOR = 3072;

/** The endpoint through which tasks go out. */
export type TaskEndpoint = WireEndpoint & { plainCall(path: string, more?: { origin?: string }): WireCall };

/** What calls of tasks need of their provider. */
export interface TaskHost {
	readonly title: string;
	readonly endpoint: TaskEndpoint;
	readonly host: ProviderHost;
	readonly settings: ProviderSettings;
	readonly lines: TaskLines;
	row(model: string): ModelInfo | undefined;
}

/** Vectors for all inputs, in as many calls as the vendor's limits make of them. One that fails fails all. */
export async function callEmbed(task: TaskHost, request: EmbedRequest, context: CallContext): Promise<EmbedResponse> {
	const line = requiredLine(task, 'embed', request.model);
	const warn = once(context);
	const adapted = line.adapt?.(request, warn, request.model) ?? request;
	const dimensions = adapted.dimensions ?? task.row(request.model)?.embeddingDimensions ?? LONGEST_VECTOR;
	const bytes = dimensions * (adapted.packed === true ? BYTES_PACKED : BYTES_WRITTEN);
	const fitting = Math.max(1, Math.floor(LARGEST_ANSWER / bytes));
	const maxInputs = Math.min(line.maxInputs ?? Number.POSITIVE_INFINITY, fitting);
	const calls = batches(adapted, { maxInputs, maxTokens: line.maxTokens ?? Number.POSITIVE_INFINITY });
	if (calls.length === 1) return send(task, line, adapted, told(context, warn));
	const failed = new AbortController();
	const signal = AbortSignal.any([context.signal, failed.signal]);
	const answers: EmbedResponse[] = new Array(calls.length);
	let next = 0;
	const work = async (): Promise<void> => {
		for (let index = next++; index < calls.length; index = next++) {
			const call = calls[index];
			if (call !== undefined) answers[index] = await send(task, line, call, told(context, warn, signal));
		}
	};
	try {
		await Promise.all(Array.from({ length: Math.min(CONCURRENCY, calls.length) }, work));
	} catch (error) {
		failed.abort(error);
		throw error;
	}
	return merged(answers);
}

/** One call of a task that is not cut up. */
export async function callTask<Name extends TaskName>(
	task: TaskHost,
	name: Name,
	request: Tasks[Name]['request'],
	context: CallContext,
): Promise<Tasks[Name]['response']> {
	const line = requiredLine(task, name, request.model ?? '');
	const warn = once(context);
	return send(task, line, line.adapt?.(request, warn, request.model ?? '') ?? request, told(context, warn));
}

function requiredLine<Name extends TaskName>(task: TaskHost, name: Name, model: string): TaskLine<Name> {
	const line = lineFor(task.lines, name, model);
	if (line !== undefined) return line;
	throw new RelaisError('unsupported', `${task.title} has no endpoint for '${name}' with ${model}`, { param: 'model' });
}

/** Each warning once, however many calls raise it. */
function once(context: CallContext): (warning: Warning) => void {
	const told = new Set<string>();
	return (warning) => {
		const key = `${warning.path} ${warning.message}`;
		if (told.has(key)) return;
		told.add(key);
		context.warn(warning);
	};
}

function told(context: CallContext, warn: CallContext['warn'], signal = context.signal): CallContext {
	return { ...context, signal, warn };
}

async function send<Name extends TaskName>(
	task: TaskHost,
	line: TaskLine<Name>,
	request: Tasks[Name]['request'],
	context: CallContext,
): Promise<Tasks[Name]['response']> {
	const { endpoint, settings, host } = task;
	const model = request.model ?? '';
	const bare = await addressed(task, line, model);
	const place: TaskPlace = { model, settings, origin: bare.origin };
	const encoded = line.format.encodeRequest(request, line.modelName?.(place) ?? model);
	for (const warning of encoded.warnings) context.warn(warning);
	const call = { ...bare, body: JSON.stringify({ ...encoded.value, ...line.extra?.(place) }) };
	const reply = await host.request(
		endpoint.sign === undefined ? call : await endpoint.sign(call),
		settings.timeouts,
		context.signal,
	);
	const body = jsonOrText(reply.body);
	const { status, headers } = reply;
	if (status < 200 || status > 299) throw endpoint.dialect.decodeError(status, headers, body);
	if (!isObject(body)) throw new RelaisError('provider_protocol', `answered ${status} with something else than a JSON object`);
	const refused = refusalUnderSuccess(endpoint, headers, body);
	if (refused !== undefined) throw refused;
	context.answered?.(headers);
	const { value, warnings } = line.format.decodeResponse(body, request);
	for (const warning of warnings) context.warn(warning);
	return value;
}

/** The call without its body. A host of the user's own goes before the vendor's special one. */
function addressed<Name extends TaskName>(task: TaskHost, line: TaskLine<Name>, model: string): WireCall | Promise<WireCall> {
	const { endpoint, settings } = task;
	const bare = endpoint.plainCall('');
	const address = line.address?.({ model, settings, origin: bare.origin });
	if (address === undefined) return endpoint.call(line.format.task, model, {});
	const url = new URL(address);
	const origin = settings.baseUrl === undefined ? url.origin : bare.origin;
	return { ...endpoint.plainCall(url.pathname + url.search, { origin }), method: 'POST' };
}
