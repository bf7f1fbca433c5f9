import type { Shape } from '../core/shape.ts';
import { anything, flag, listOf, object, open, text, union, values } from '../core/shapekit.ts';

const empty = object({});
const filled: Shape = { is: 'string', nonEmpty: true };
const CALL_ID: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]+$/, nonEmpty: true, maxLength: 64 };
const NAME: Shape = { is: 'string', pattern: /^[a-zA-Z0-9_-]+$/, nonEmpty: true, maxLength: 64 };
const CACHE_POINT = object({ type: values('default'), ttl: values('5m', '1h') }, 'type');
const S3 = object(
	{ uri: { is: 'string', pattern: /^s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](\/.*)?$/ }, bucketOwner: text },
	'uri',
);
const MEDIA = union({ bytes: text, s3Location: S3 });
const CITED = object({ enabled: flag }, 'enabled');

const IMAGE = object({ format: values('png', 'jpeg', 'gif', 'webp'), source: MEDIA }, 'format', 'source');
const DOCUMENT = object(
	{
		name: { is: 'string', nonEmpty: true, maxLength: 200 },
		format: values('pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'),
		source: union({ bytes: text, s3Location: S3, text, content: listOf(union({ text }), 1) }),
		context: text,
		citations: CITED,
	},
	'name',
	'source',
);
const VIDEO = object(
	{ format: values('mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'), source: MEDIA },
	'format',
	'source',
);
const AUDIO = object({ format: text, source: MEDIA }, 'format', 'source');
const SEARCH_RESULT = object(
	{ source: text, title: text, content: listOf(object({ text }, 'text')), citations: CITED },
	'source',
	'title',
	'content',
);
const QUALIFIERS = listOf(values('grounding_source', 'query', 'guard_content'));
const GUARDED = union({ text: object({ text, qualifiers: QUALIFIERS }, 'text'), image: IMAGE });
const REASONING = union({ reasoningText: object({ text, signature: text }, 'text'), redactedContent: text });
const RESULT = listOf(
	union({ json: anything, text, image: IMAGE, document: DOCUMENT, video: VIDEO, searchResult: SEARCH_RESULT }),
);

/** A block of a message. */
const BLOCK = union({
	text,
	image: IMAGE,
	document: DOCUMENT,
	video: VIDEO,
	audio: AUDIO,
	toolUse: object({ toolUseId: CALL_ID, name: NAME, input: open, type: text }, 'toolUseId', 'name', 'input'),
	toolResult: object(
		{ toolUseId: CALL_ID, content: RESULT, status: values('success', 'error'), type: text },
		'toolUseId',
		'content',
	),
	guardContent: GUARDED,
	cachePoint: CACHE_POINT,
	reasoningContent: REASONING,
	citationsContent: object({ content: anything, citations: anything }),
	searchResult: SEARCH_RESULT,
});

const MESSAGE = object({ role: values('user', 'assistant'), content: listOf(BLOCK) }, 'role', 'content');

const TOOL = union({
	toolSpec: object({ name: NAME, description: filled, inputSchema: union({ json: open }), strict: flag }, 'name', 'inputSchema'),
	systemTool: object({ name: NAME }, 'name'),
	cachePoint: CACHE_POINT,
});

const UNIT: Shape = { is: 'number', min: 0, max: 1 };

function keys(streaming: boolean): { [key: string]: Shape } {
	const guardrail: { [key: string]: Shape } = {
		guardrailIdentifier: {
			is: 'string',
			maxLength: 2048,
			pattern: /^(([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+))$/,
		},
		guardrailVersion: { is: 'string', pattern: /^(|([1-9][0-9]{0,7})|(DRAFT))$/ },
		trace: values('enabled', 'disabled', 'enabled_full'),
	};
	if (streaming) guardrail.streamProcessingMode = values('sync', 'async');
	return {
		messages: listOf(MESSAGE),
		system: listOf(union({ text: filled, guardContent: GUARDED, cachePoint: CACHE_POINT })),
		inferenceConfig: object({
			maxTokens: { is: 'integer', min: 1 },
			temperature: UNIT,
			topP: UNIT,
			stopSequences: { is: 'array', max: 2500, of: filled },
		}),
		toolConfig: object(
			{ tools: listOf(TOOL, 1), toolChoice: union({ auto: empty, any: empty, tool: object({ name: NAME }, 'name') }) },
			'tools',
		),
		guardrailConfig: object(guardrail),
		additionalModelRequestFields: open,
		additionalModelResponseFieldPaths: { is: 'array', max: 10, of: filled },
		promptVariables: open,
		requestMetadata: { is: 'map', of: { is: 'string', maxLength: 256 } },
		performanceConfig: object({ latency: values('standard', 'optimized') }),
		serviceTier: object({ type: values('priority', 'default', 'flex', 'reserved') }, 'type'),
		outputConfig: object({
			textFormat: object(
				{
					type: values('json_schema'),
					structure: union({ jsonSchema: object({ schema: text, name: text, description: text }, 'schema') }),
				},
				'type',
				'structure',
			),
			effort: text,
		}),
	};
}

/** The body of `converse`. */
export const CONVERSE: Shape = object(keys(false));

/** The body of `converse-stream`. */
export const CONVERSE_STREAM: Shape = object(keys(true));

/** The body of `count-tokens`. */
export const COUNT: Shape = object(
	{
		input: union({
			converse: object({
				messages: listOf(MESSAGE),
				system: listOf(union({ text: filled, guardContent: GUARDED, cachePoint: CACHE_POINT })),
				toolConfig: anything,
				additionalModelRequestFields: anything,
			}),
			invokeModel: object({ body: text }, 'body'),
		}),
	},
	'input',
);
