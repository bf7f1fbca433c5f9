import { type ContentPart, ERROR_CODES, isRelaisError, type StopKind } from '../spec/index.ts';
import { show } from './check.ts';
import {
	amount,
	count,
	finite,
	flag,
	keyOf,
	list,
	nonEmpty,
	nullable,
	object,
	optional,
	type Rule,
	record,
	text,
	union,
} from './rule.ts';

/** The shapes of `relais/spec`, as rules. */

const STOP_KINDS: { readonly [kind in StopKind]: true } = {
	stop: true,
	stop_sequence: true,
	length: true,
	tool_calls: true,
	content_filter: true,
	refusal: true,
	pause: true,
	context_overflow: true,
	malformed_tool_call: true,
	compaction: true,
	error: true,
	other: true,
};

const extensions = optional(object);
const signature = optional(record({ vendor: nonEmpty, value: text }));
const base = { cache: optional(object), extensions };

const mediaSource = union(() => ({
	base64: record({ data: text, mediaType: nonEmpty }),
	url: record({ url: nonEmpty, mediaType: optional(text) }),
	file: record({ id: nonEmpty, vendor: nonEmpty }),
	text: record({ text }),
	parts: record({ parts: list(contentPart) }),
}));

const citation = record({
	source: keyOf({ url: true, document: true, 'search-result': true, file: true }),
	url: optional(text),
	title: optional(text),
	citedText: optional(text),
	documentIndex: optional(count),
});

const providerExecuted = optional(record({ kind: nonEmpty, server: optional(text) }));

const PARTS: { readonly [type in ContentPart['type']]: Rule } = {
	text: record({ ...base, text, citations: optional(list(citation)), signature }),
	reasoning: record({
		...base,
		text: optional(text),
		summary: optional(list(text)),
		signature,
		encrypted: signature,
		redacted: optional(flag),
		id: optional(text),
	}),
	image: record({ ...base, source: mediaSource, detail: optional(text), signature }),
	audio: record({ ...base, source: mediaSource, format: optional(text), transcript: optional(text), id: optional(text) }),
	video: record({ ...base, source: mediaSource }),
	document: record({ ...base, source: mediaSource, title: optional(text), filename: optional(text) }),
	'search-result': record({ ...base, source: text, title: text, parts: list(contentPart) }),
	'tool-call': record({
		...base,
		id: text,
		name: text,
		kind: keyOf({ function: true, custom: true }),
		input: text,
		providerExecuted,
		signature,
	}),
	'tool-result': record({ ...base, callId: nonEmpty, content: list(contentPart), isError: optional(flag), providerExecuted }),
	refusal: record({ ...base, text }),
	opaque: record({ ...base, dialect: nonEmpty, value: object }),
};

/** A part of a message. A function, since parts hold parts. */
export function contentPart(value: unknown, path: string): string | undefined {
	return union(() => PARTS)(value, path);
}

export const stopReason: Rule = record({
	kind: keyOf(STOP_KINDS),
	raw: optional(text),
	sequence: optional(text),
	message: optional(text),
	extensions,
});

export const usage: Rule = record({
	inputTokens: count,
	outputTokens: count,
	totalTokens: optional(count),
	cacheReadTokens: optional(count),
	cacheWriteTokens: optional(count),
	reasoningTokens: optional(count),
	statedCostUsd: optional(amount),
	extensions,
});

export const tokenLogprobs: Rule = list(
	record({ token: text, logprob: finite, top: list(record({ token: text, logprob: finite })) }),
);

const candidate = record({
	index: count,
	content: list(contentPart),
	stop: stopReason,
	logprobs: optional(tokenLogprobs),
	citations: optional(list(citation)),
	extensions,
});

/** A whole answer, with a stop reason for each candidate and usage. */
export const response: Rule = (value, path) =>
	record({
		id: optional(text),
		model: optional(text),
		createdAt: optional(finite),
		candidates: list(candidate, 1),
		usage,
		serviceTier: optional(text),
		extensions,
	})(value, path);

/** A request. */
export const request: Rule = (value, path) =>
	record({
		model: text,
		messages: list(
			record({
				role: keyOf({ system: true, user: true, assistant: true, tool: true }),
				content: list(contentPart),
				name: optional(text),
				extensions,
			}),
		),
		stream: flag,
		sampling: object,
		tools: optional(list(record({ type: keyOf({ function: true, custom: true, server: true }), name: optional(nonEmpty) }))),
		maxOutputTokens: optional(count),
		user: optional(text),
		extensions,
	})(value, path);

export { citation, signature };

const CAPABILITIES = ['chat', 'streaming', 'tools', 'jsonSchema', 'vision', 'reasoning', 'embeddings', 'dataSources'] as const;

export const capabilities: Rule = record(Object.fromEntries(CAPABILITIES.map((name) => [name, nullable(flag)])));

const price = {
	input: nullable(amount),
	output: nullable(amount),
	cacheRead: nullable(amount),
	cacheWrite: nullable(amount),
};

export const modelInfo: Rule = record({
	id: nonEmpty,
	provider: nonEmpty,
	name: optional(text),
	mode: nonEmpty,
	contextWindow: nullable(count),
	maxOutput: nullable(count),
	price: record(price),
	priceTiers: optional(list(record({ ...price, aboveInputTokens: count }))),
	capabilities,
	inputModalities: list(nonEmpty),
	outputModalities: list(nonEmpty),
	deprecated: optional(flag),
	listed: optional(flag),
});

export const healthReport: Rule = record({ healthy: flag, latencyMs: amount, detail: optional(text) });

export const timeouts: Rule = record({
	connect: amount,
	headers: amount,
	answer: amount,
	firstToken: amount,
	idle: amount,
	total: amount,
});

export const warning: Rule = record({
	kind: keyOf({ dropped: true, changed: true, approximated: true, defaulted: true, notice: true }),
	path: text,
	message: nonEmpty,
});

/** What a failure must be: a `RelaisError` with a known code and something to read. */
export const relaisError: Rule = (value, path) => {
	if (!isRelaisError(value))
		return `${path} must be a RelaisError, is ${value instanceof Error ? `${value.name}: ${value.message}` : show(value)}`;
	return (
		record({ code: keyOf(ERROR_CODES), status: count, retryable: flag, failover: flag, retryAfterMs: optional(amount) })(
			{ ...value },
			path,
		) ?? nonEmpty(value.message, `${path}.message`)
	);
};
