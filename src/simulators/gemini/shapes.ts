import type { Shape } from '../core/shape.ts';
import { anything, flag, listOf, object, open, text, values } from '../core/shapekit.ts';

const DECIMAL: Shape = { is: 'number' };
const WHOLE: Shape = { is: 'integer' };

const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'];

const schemaKeys: { [key: string]: Shape } = {
	type: values('TYPE_UNSPECIFIED', ...TYPES, ...TYPES.map((type) => type.toLowerCase())),
	format: text,
	title: text,
	description: text,
	nullable: flag,
	enum: listOf(text),
	required: listOf(text),
	propertyOrdering: listOf(text),
	pattern: text,
	default: anything,
	example: anything,
};
for (const key of ['minItems', 'maxItems', 'minProperties', 'maxProperties', 'minLength', 'maxLength']) schemaKeys[key] = WHOLE;
for (const key of ['minimum', 'maximum']) schemaKeys[key] = DECIMAL;

/** The vendor's own schema language: a part of OpenAPI's. */
export const SCHEMA: Shape = { is: 'object', keys: schemaKeys };
schemaKeys.items = SCHEMA;
schemaKeys.anyOf = listOf(SCHEMA);
schemaKeys.properties = { is: 'map', of: SCHEMA };

const BLOB = object({ mimeType: text, data: text, displayName: text });

/** One part of a turn. */
const PART = object({
	text,
	inlineData: BLOB,
	fileData: object({ mimeType: text, fileUri: text, displayName: text }),
	functionCall: object({ id: text, name: text, args: open }),
	functionResponse: object({
		id: text,
		name: text,
		response: open,
		parts: listOf(object({ inlineData: BLOB, fileData: object({ mimeType: text, fileUri: text, displayName: text }) })),
		willContinue: flag,
		scheduling: values('SCHEDULING_UNSPECIFIED', 'SILENT', 'WHEN_IDLE', 'INTERRUPT'),
	}),
	executableCode: object({ id: text, language: text, code: text }),
	codeExecutionResult: object({ id: text, outcome: text, output: text }),
	toolCall: open,
	toolResponse: open,
	thought: flag,
	thoughtSignature: text,
	videoMetadata: open,
	mediaResolution: open,
	partMetadata: open,
});

/** A turn. */
export const CONTENT = object({ role: text, parts: listOf(PART) });

const FUNCTION = object({
	name: text,
	description: text,
	behavior: values('UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING'),
	parameters: SCHEMA,
	parametersJsonSchema: open,
	response: SCHEMA,
	responseJsonSchema: open,
});

const TOOL = object({
	functionDeclarations: listOf(FUNCTION),
	googleSearch: open,
	googleSearchRetrieval: open,
	codeExecution: open,
	urlContext: open,
	computerUse: open,
	fileSearch: open,
	googleMaps: open,
	mcpServers: listOf(open),
});

const TOOL_CONFIG = object({
	functionCallingConfig: object({
		mode: values('MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'),
		allowedFunctionNames: listOf(text),
	}),
	retrievalConfig: open,
	includeServerSideToolInvocations: flag,
});

const GENERATION = object({
	temperature: DECIMAL,
	topP: DECIMAL,
	topK: WHOLE,
	candidateCount: WHOLE,
	maxOutputTokens: WHOLE,
	stopSequences: listOf(text),
	responseMimeType: text,
	responseSchema: SCHEMA,
	responseJsonSchema: open,
	_responseJsonSchema: open,
	presencePenalty: DECIMAL,
	frequencyPenalty: DECIMAL,
	seed: WHOLE,
	responseLogprobs: flag,
	logprobs: WHOLE,
	enableEnhancedCivicAnswers: flag,
	responseModalities: listOf(values('MODALITY_UNSPECIFIED', 'TEXT', 'IMAGE', 'AUDIO', 'VIDEO')),
	speechConfig: open,
	imageConfig: open,
	thinkingConfig: object({
		includeThoughts: flag,
		thinkingBudget: WHOLE,
		thinkingLevel: values('THINKING_LEVEL_UNSPECIFIED', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'minimal', 'low', 'medium', 'high'),
	}),
	mediaResolution: text,
});

const SAFETY = object({
	category: values(
		'HARM_CATEGORY_UNSPECIFIED',
		'HARM_CATEGORY_DEROGATORY',
		'HARM_CATEGORY_TOXICITY',
		'HARM_CATEGORY_VIOLENCE',
		'HARM_CATEGORY_SEXUAL',
		'HARM_CATEGORY_MEDICAL',
		'HARM_CATEGORY_DANGEROUS',
		'HARM_CATEGORY_HARASSMENT',
		'HARM_CATEGORY_HATE_SPEECH',
		'HARM_CATEGORY_SEXUALLY_EXPLICIT',
		'HARM_CATEGORY_DANGEROUS_CONTENT',
		'HARM_CATEGORY_CIVIC_INTEGRITY',
	),
	threshold: values(
		'HARM_BLOCK_THRESHOLD_UNSPECIFIED',
		'BLOCK_LOW_AND_ABOVE',
		'BLOCK_MEDIUM_AND_ABOVE',
		'BLOCK_ONLY_HIGH',
		'BLOCK_NONE',
		'OFF',
	),
});

const GENERATE_KEYS = {
	model: text,
	contents: listOf(CONTENT),
	tools: listOf(TOOL),
	toolConfig: TOOL_CONFIG,
	safetySettings: listOf(SAFETY),
	systemInstruction: CONTENT,
	generationConfig: GENERATION,
	cachedContent: text,
	serviceTier: text,
	store: flag,
};

/** The body of `generateContent` and `streamGenerateContent`. */
export const GENERATE = object(GENERATE_KEYS);

/** The body of `countTokens`. */
export const COUNT = object({ contents: listOf(CONTENT), generateContentRequest: GENERATE });

const EMBED_KEYS = {
	model: text,
	content: CONTENT,
	taskType: values(
		'TASK_TYPE_UNSPECIFIED',
		'RETRIEVAL_QUERY',
		'RETRIEVAL_DOCUMENT',
		'SEMANTIC_SIMILARITY',
		'CLASSIFICATION',
		'CLUSTERING',
		'QUESTION_ANSWERING',
		'FACT_VERIFICATION',
		'CODE_RETRIEVAL_QUERY',
	),
	title: text,
	outputDimensionality: WHOLE,
	autoTruncate: flag,
};

/** The body of `embedContent`. */
export const EMBED = object(EMBED_KEYS);

/** The body of `batchEmbedContents`. */
export const BATCH_EMBED = object({ requests: listOf(EMBED) });
