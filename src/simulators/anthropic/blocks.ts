import type { Shape } from '../core/shape.ts';
import { anything, flag, nullable, object, open, text, values, variant } from '../core/shapekit.ts';

/** A cache mark. */
export const CACHE: Shape = nullable(variant({ ephemeral: object({ type: text, ttl: values('5m', '1h') }) }));

function block(keys: { [key: string]: Shape }, ...required: string[]): Shape {
	return object({ type: text, cache_control: CACHE, ...keys }, ...required);
}

/** A text block. */
export const TEXT = block({ text, citations: anything }, 'text');
const IMAGE = block(
	{
		source: variant({
			base64: object(
				{ type: text, media_type: values('image/jpeg', 'image/png', 'image/gif', 'image/webp'), data: text },
				'media_type',
				'data',
			),
			url: object({ type: text, url: text }, 'url'),
			file: object({ type: text, file_id: text }, 'file_id'),
		}),
		transformations: anything,
	},
	'source',
);
const DOCUMENT = block(
	{
		source: variant({
			base64: object({ type: text, media_type: values('application/pdf'), data: text }, 'media_type', 'data'),
			text: object({ type: text, media_type: values('text/plain'), data: text }, 'media_type', 'data'),
			url: object({ type: text, url: text }, 'url'),
			file: object({ type: text, file_id: text }, 'file_id'),
			content: object({ type: text, content: anything }, 'content'),
		}),
		title: nullable(text),
		context: nullable(text),
		citations: anything,
	},
	'source',
);
const SEARCH_RESULT = block({ content: anything, source: text, title: text, citations: anything }, 'content', 'source', 'title');
const ID: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]+$/ };
/** A tool's name. */
export const NAME: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]{1,128}$/ };

function content(of: { [tag: string]: Shape }): Shape {
	return { is: 'either', of: [text, { is: 'array', of: variant(of) }] };
}

const TOOL_RESULT = block(
	{
		tool_use_id: ID,
		content: content({ text: TEXT, image: IMAGE, document: DOCUMENT, search_result: SEARCH_RESULT, tool_reference: open }),
		is_error: flag,
		toolset_name: nullable(text),
	},
	'tool_use_id',
);

const FROM_USER: { [tag: string]: Shape } = {
	text: TEXT,
	image: IMAGE,
	document: DOCUMENT,
	search_result: SEARCH_RESULT,
	tool_result: TOOL_RESULT,
	container_upload: open,
};

const FROM_ASSISTANT: { [tag: string]: Shape } = {
	text: TEXT,
	thinking: object({ type: text, thinking: text, signature: text }, 'thinking', 'signature'),
	redacted_thinking: object({ type: text, data: text }, 'data'),
	tool_use: block({ id: ID, name: NAME, input: open, caller: anything, toolset_name: nullable(text) }, 'id', 'name', 'input'),
};
/** Blocks made by tools that run at the vendor, which is not simulated: only checked for being blocks. */
for (const name of [
	'server_tool_use',
	'web_search_tool_result',
	'web_fetch_tool_result',
	'code_execution_tool_result',
	'bash_code_execution_tool_result',
	'text_editor_code_execution_tool_result',
	'tool_search_tool_result',
	'mcp_tool_use',
	'mcp_tool_result',
	'container_upload',
	'compaction',
]) {
	FROM_ASSISTANT[name] = open;
}

/** One message of the conversation, by its role. */
export const MESSAGE: Shape = {
	is: 'variant',
	by: 'role',
	of: {
		user: object({ role: text, content: content(FROM_USER) }, 'content'),
		assistant: object({ role: text, content: content(FROM_ASSISTANT) }, 'content'),
		system: object({ role: text, content: content({ text: TEXT }) }, 'content'),
	},
};
