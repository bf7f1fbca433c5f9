import type { RoutedTask, RoutingTable } from '../../router/index.ts';
import {
	type CallContext,
	type JsonObject,
	type Provider,
	RelaisError,
	type RequestSketch,
	type TaskFormat,
	type TaskName,
	type Tasks,
	type Usage,
} from '../../spec/index.ts';

/** A task's request as a surface takes it: what the router must know of it, and how it is carried out. */
export interface ReceivedTask {
	sketch: RequestSketch;
	task: RoutedTask;
}

/** Reads a client's body. Throws `invalid_request`. */
export type TaskForm = (body: JsonObject, table: RoutingTable) => ReceivedTask;

type Request<Name extends TaskName> = Tasks[Name]['request'];
type Response<Name extends TaskName> = Tasks[Name]['response'];

/** What tells one task from another. */
export interface TaskKind<Name extends TaskName> {
	/** The provider's method; undefined: it has none. */
	method(provider: Provider): ((request: Request<Name>, context: CallContext) => Promise<Response<Name>>) | undefined;
	/** Rough count of input tokens, and whether there are images. */
	measure(request: Request<Name>): { inputTokens: number; images: boolean };
	/** The model that is meant where the request names none. */
	defaultModel?(table: RoutingTable): string;
	/** Usage where the vendor states none. */
	estimate?(tokens: number): Usage;
}

/** A task in a client's format, whatever format its provider speaks. */
export function taskForm<Name extends TaskName>(format: TaskFormat<Name>, kind: TaskKind<Name>): TaskForm {
	return (body, table) => {
		const decoded = format.decodeRequest(body);
		const request = decoded.value;
		const model = request.model ?? kind.defaultModel?.(table) ?? '';
		const { inputTokens, images } = kind.measure(request);
		const sketch = sketchOf(model, inputTokens, images, 'user' in request ? request.user : undefined);
		const task: RoutedTask = {
			format: format.name,
			async run(target, context, id) {
				const { provider } = target;
				const method = kind.method(provider);
				if (method === undefined)
					throw new RelaisError('unsupported', `has no endpoint for '${format.task}'`, { param: 'model' });
				const answer = await method({ ...request, model: target.model }, context);
				const estimated = kind.estimate?.(inputTokens);
				const usage = answer.usage ?? estimated;
				const response = usage === undefined ? answer : { ...answer, usage };
				const encoded = format.encodeResponse(response, request, { model: target.model, id });
				return { body: encoded.value, usage, warnings: [...decoded.warnings, ...encoded.warnings] };
			},
		};
		return { sketch, task };
	};
}

function sketchOf(model: string, inputTokens: number, images: boolean, user: string | undefined): RequestSketch {
	const none = { stream: false, streamUsage: false, tools: false, audio: false, documents: false };
	return { ...none, model, images, jsonSchema: false, reasoning: false, inputTokens, maxOutputTokens: undefined, user };
}
