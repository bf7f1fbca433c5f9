import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { BodyRule, RuleContext } from '../rules.ts';
import { noBudgetAmidForeignCalls } from './foreign-calls.ts';
import { familyOf } from './models.ts';

const FIELDS = 'additionalModelRequestFields';

/** How each maker's models take top-k among the fields of their own; absent: not at all. */
const TOP_K: { readonly [maker: string]: (topK: JsonValue) => JsonObject } = {
	anthropic: (topK) => ({ top_k: topK }),
	mistral: (topK) => ({ top_k: topK }),
	cohere: (topK) => ({ k: topK }),
	amazon: (topK) => ({ inferenceConfig: { topK } }),
};

/** The vendor's model behind the id a request names. */
type Resolve = (id: string) => string;

/** What the models behind the API want changed. */
export function bodyRules(resolve: Resolve): readonly BodyRule[] {
	return [
		noBudgetAmidForeignCalls,
		(context) => fieldsOfTheMaker(context, resolve),
		(context) => cachePointsWhereKnown(context, resolve),
	];
}

/** The API hands these fields on unread, so they must be in the words of the model's maker. */
function fieldsOfTheMaker(context: RuleContext, resolve: Resolve): void {
	const given = context.get(FIELDS);
	if (!isObject(given)) return;
	const { maker } = familyOf(resolve(context.model));
	let fields = given;
	if (given.top_k !== undefined && maker !== '') fields = withTopK(fields, maker, context);
	if (given.reasoning_effort !== undefined && maker === 'amazon') {
		const { reasoning_effort: effort, ...rest } = fields;
		fields = { ...rest, reasoningConfig: { type: 'enabled', maxReasoningEffort: effort } };
	}
	if (fields !== given) context.set(FIELDS, Object.keys(fields).length === 0 ? undefined : fields);
}

function withTopK(fields: JsonObject, maker: string, context: RuleContext): JsonObject {
	const { top_k: topK, ...rest } = fields;
	const words = TOP_K[maker]?.(topK ?? null);
	if (words === undefined) {
		context.warn({ kind: 'dropped', path: `${FIELDS}.top_k`, message: `${context.model} takes no top_k` });
		return rest;
	}
	const inference = isObject(rest.inferenceConfig) && isObject(words.inferenceConfig) ? rest.inferenceConfig : undefined;
	if (inference === undefined) return { ...rest, ...words };
	return { ...rest, inferenceConfig: { ...inference, topK } };
}

/** Where each maker's models take cache points; other models refuse a request that has any. */
const CACHED: { readonly [maker: string]: readonly string[] } = {
	anthropic: ['toolConfig', 'system', 'messages'],
	amazon: ['system', 'messages'],
};

/** Takes out cache points where the model knows none: they only save money. */
function cachePointsWhereKnown(context: RuleContext, resolve: Resolve): void {
	const { maker } = familyOf(resolve(context.model));
	const kept = maker === '' ? CACHED.anthropic : CACHED[maker];
	for (const field of ['toolConfig', 'system', 'messages']) {
		const value = context.get(field);
		if (value === undefined || kept?.includes(field) === true) continue;
		const bare = withoutPoints(value);
		if (bare === value) continue;
		context.set(field, bare);
		context.warn({ kind: 'dropped', path: field, message: `${context.model} takes no cache points here` });
	}
}

/** The value without cache points in its lists; the value itself where there are none. */
function withoutPoints(value: JsonValue): JsonValue {
	if (Array.isArray(value)) {
		const bare = value.filter((item) => !isObject(item) || item.cachePoint === undefined).map(withoutPoints);
		return bare.length === value.length && bare.every((item, i) => item === value[i]) ? value : bare;
	}
	if (!isObject(value)) return value;
	for (const member of ['content', 'tools']) {
		const list = value[member];
		const bare = Array.isArray(list) ? withoutPoints(list) : list;
		if (bare !== list) return { ...value, [member]: bare };
	}
	return value;
}
