import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ModelTraits } from '../../spec/index.ts';
import type { Losses } from '../shared/index.ts';
import { fitEffort, REASONING_FIELDS } from './reasoning-settings.ts';

/** Sampling parameters with the value that changes nothing, dropped without a word. */
const SAMPLING: { readonly [field: string]: JsonValue } = {
	temperature: 1,
	top_p: 1,
	frequency_penalty: 0,
	presence_penalty: 0,
	top_k: null,
	min_p: 0,
	repetition_penalty: 1,
	logit_bias: null,
	logprobs: false,
	top_logprobs: 0,
};

const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens'] as const;

function fitSampling(body: JsonObject, traits: ModelTraits, losses: Losses): void {
	// With reasoning switched off, such a model samples like any other.
	if (traits.sampling !== false || body.reasoning_effort === 'none') return;
	for (const field in SAMPLING) {
		const value = body[field];
		if (value === undefined) continue;
		delete body[field];
		if (value !== null && value !== SAMPLING[field]) losses.dropped(field, `This model does not take '${field}'.`);
	}
}

function fitLimit(body: JsonObject, traits: ModelTraits): void {
	const wanted = traits.maxTokensField;
	if (wanted === undefined) return;
	for (const field of LIMIT_FIELDS) {
		const value = body[field];
		if (value === undefined || field === wanted) continue;
		delete body[field];
		body[wanted] ??= value;
	}
}

function fitReasoning(body: JsonObject, traits: ModelTraits, losses: Losses): void {
	if (traits.reasoning === 'none') {
		for (const field of REASONING_FIELDS) {
			const value = body[field];
			if (value === undefined) continue;
			delete body[field];
			const off = value === null || value === false || value === 'none';
			if (!off) losses.dropped(field, 'This model cannot reason.');
		}
		return;
	}
	fitEffort(body, 'reasoning_effort', 'reasoning_effort', traits, losses);
	if (!isObject(body.reasoning)) return;
	const reasoning = { ...body.reasoning };
	fitEffort(reasoning, 'reasoning.effort', 'effort', traits, losses);
	body.reasoning = reasoning;
}

function isInstruction(message: JsonValue): message is JsonObject {
	return isObject(message) && (message.role === 'system' || message.role === 'developer');
}

function fitRoles(messages: JsonValue[], role: ModelTraits['systemRole'], losses: Losses): JsonValue[] {
	if (role === undefined) return messages;
	return messages.map((message, index) => {
		if (!isInstruction(message) || message.role === role) return message;
		if (role === 'user')
			losses.add('changed', `messages[${index}].role`, 'This model takes no instructions; they were sent as a user message.');
		return { ...message, role };
	});
}

/** A model that cannot go on from an assistant turn is asked to continue. */
function fitEnd(messages: JsonValue[], traits: ModelTraits, losses: Losses): JsonValue[] {
	const last = messages.at(-1);
	if (traits.prefill !== false || !isObject(last) || last.role !== 'assistant') return messages;
	losses.add(
		'changed',
		`messages[${messages.length - 1}]`,
		'This model cannot go on from an assistant message; a user turn asks it to.',
	);
	return [...messages, { role: 'user', content: 'Continue.' }];
}

/** The message that tells a model the schema of a `response_format`; undefined where that is none. */
export function schemaInPrompt(format: JsonObject): JsonObject | undefined {
	if (format.type !== 'json_schema' || !isObject(format.json_schema)) return undefined;
	const schema = JSON.stringify(format.json_schema.schema ?? {});
	return { role: 'system', content: `Answer with JSON only, matching this JSON Schema:\n${schema}` };
}

/** Without native schemas the model is asked for JSON, and told the schema. */
function fitSchema(body: JsonObject, messages: JsonValue[], traits: ModelTraits, losses: Losses): JsonValue[] {
	const format = body.response_format;
	const told = traits.jsonSchema === false && isObject(format) ? schemaInPrompt(format) : undefined;
	if (told === undefined) return messages;
	losses.add('approximated', 'response_format', 'This model takes no JSON schema; it was asked for JSON and told the schema.');
	body.response_format = { type: 'json_object' };
	return [told, ...messages];
}

/** Fits a request body to the model it goes to. Changes `body`, but none of the objects inside it. */
export function fitToModel(body: JsonObject, traits: ModelTraits, losses: Losses): void {
	fitReasoning(body, traits, losses);
	fitSampling(body, traits, losses);
	fitLimit(body, traits);
	const messages = Array.isArray(body.messages) ? body.messages : [];
	const told = fitSchema(body, messages, traits, losses);
	body.messages = fitEnd(fitRoles(told, traits.systemRole, losses), traits, losses);
}
