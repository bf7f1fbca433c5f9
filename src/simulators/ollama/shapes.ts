import type { Shape } from '../core/shape.ts';
import { anything, flag, listOf, nullable, open, text } from '../core/shapekit.ts';

/** The server's JSON reader lets unknown keys pass and takes null for anything. */
function loose(keys: { [key: string]: Shape }): Shape {
	const shapes: { [key: string]: Shape } = {};
	for (const key in keys) shapes[key] = nullable(keys[key] ?? anything);
	return { is: 'object', keys: shapes, open: true };
}

const TOOL_CALL = loose({ id: text, function: loose({ name: text, arguments: open, index: { is: 'integer' } }) });
const MESSAGE = loose({
	role: text,
	content: text,
	thinking: text,
	images: listOf(text),
	tool_calls: listOf(TOOL_CALL),
	tool_name: text,
	tool_call_id: text,
});
const TOOL = loose({
	type: text,
	function: loose({ name: text, description: text, parameters: anything }),
});

const COMMON: { [key: string]: Shape } = {
	model: text,
	stream: flag,
	options: open,
	format: anything,
	keep_alive: anything,
	think: anything,
	logprobs: flag,
	top_logprobs: { is: 'integer' },
	truncate: flag,
};

/** The body of `/api/chat`. */
export const CHAT: Shape = loose({ ...COMMON, messages: listOf(MESSAGE), tools: listOf(TOOL) });

/** The body of `/api/generate`. */
export const GENERATE: Shape = loose({
	...COMMON,
	prompt: text,
	suffix: text,
	system: text,
	template: text,
	context: listOf({ is: 'integer' }),
	raw: flag,
	images: listOf(text),
});

/** The body of `/api/embed`. */
export const EMBED: Shape = loose({
	model: text,
	input: anything,
	truncate: flag,
	dimensions: { is: 'integer' },
	options: open,
	keep_alive: anything,
});

/** The body of `/api/embeddings`. */
export const EMBEDDINGS: Shape = loose({ model: text, prompt: text, options: open, keep_alive: anything });

/** The body of `/api/show`. */
export const SHOW: Shape = loose({ model: text, name: text, verbose: flag, system: text, template: text, options: anything });
