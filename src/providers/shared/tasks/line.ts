import type { EmbedRequest, ProviderSettings, TaskFormat, TaskName, Tasks, Warning } from '../../../spec/index.ts';

/** Where a call goes and for whom, for lines that depend on it. */
export interface TaskPlace {
	model: string;
	settings: ProviderSettings;
	/** The provider's address without a path. */
	origin: string;
}

/** How a vendor does one task, as data. */
export interface TaskLine<Name extends TaskName> {
	format: TaskFormat<Name>;
	/** Path after the base URL, `{model}` standing for the model's id. */
	path: string;
	/** Full address, where the endpoint does not lie beside the rest. Of it the path alone counts where the user has a base URL of their own. */
	address?(place: TaskPlace): string;
	/** The model's name on the wire, where that is not its id. */
	modelName?(place: TaskPlace): string;
	/** Members the vendor wants in every body. */
	extra?(place: TaskPlace): { [field: string]: string };
	/** Changes a request to what the vendor takes, reporting what a user should know. */
	adapt?(request: Tasks[Name]['request'], warn: (warning: Warning) => void, model: string): Tasks[Name]['request'];
	/** Most inputs in one call; absent: as many as there are. */
	maxInputs?: number;
	/** Most tokens of all inputs in one call. */
	maxTokens?: number;
}

/** Lines that differ by model, all under one path. Undefined for a model: the vendor has no such endpoint for it. */
export interface TaskChoice<Name extends TaskName> {
	path: string;
	of(model: string): TaskLine<Name> | undefined;
}

/** The tasks of a vendor. */
export type TaskLines = { [Name in TaskName]?: TaskLine<Name> | TaskChoice<Name> };

/** The line for a model. */
export function lineFor<Name extends TaskName>(lines: TaskLines, task: Name, model: string): TaskLine<Name> | undefined {
	const line: TaskLine<Name> | TaskChoice<Name> | undefined = lines[task];
	return line !== undefined && 'of' in line ? line.of(model) : line;
}

/** Where the endpoints lie, by operation. */
export function taskPaths(lines: TaskLines): { [Name in TaskName]?: string } {
	return Object.fromEntries(Object.entries(lines).map(([task, { path }]) => [task, path]));
}

/** For vendors that make floats written out only. */
export function plainFloats(request: EmbedRequest): EmbedRequest {
	return request.packed === true ? { ...request, packed: false } : request;
}
