import { isRelaisError, type JsonObject, type ModelTraits, type ReasoningRequest } from '../../spec/index.ts';
import { Fields, type Losses, read, same, table } from '../shared/index.ts';
import { budgetOfEffort, effortOfBudget, nearestEffort } from './effort.ts';
import { nest } from './nested.ts';

/**
 * Request fields in which vendors take reasoning settings: OpenAI's level, the aggregators' object, the `thinking` object of
 * DeepSeek and GLM, and the pair Qwen's servers use.
 */
export const REASONING_FIELDS = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'thinking_budget'] as const;

const MODES = table<ReasoningRequest['mode']>({
	enabled: 'on',
	disabled: 'off',
	adaptive: 'adaptive',
	auto: 'adaptive',
});

function readAggregators(fields: Fields, settings: ReasoningRequest, left: JsonObject): void {
	const wire = fields.take('reasoning', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('reasoning'));
	const enabled = inner.take('enabled', read.boolean);
	const effort = inner.take('effort', read.string);
	const budget = inner.take('max_tokens', read.integer(0));
	const exclude = inner.take('exclude', read.boolean);
	const summary = inner.take('summary', read.string);
	if (enabled !== undefined) settings.mode = enabled ? 'on' : 'off';
	if (effort !== undefined) settings.effort = effort;
	if (budget !== undefined) settings.budgetTokens = budget;
	if (summary !== undefined) settings.summary = summary;
	else if (exclude === true) settings.summary = 'omitted';
	nest(left, 'reasoning', inner.rest());
}

function readThinking(fields: Fields, settings: ReasoningRequest, left: JsonObject): void {
	const wire = fields.take('thinking', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('thinking'));
	const type = inner.take('type', read.string);
	const mode = type === undefined ? undefined : MODES[type];
	const budget = inner.take('budget_tokens', read.integer(0));
	if (mode !== undefined) settings.mode = mode;
	else inner.leave('type');
	if (budget !== undefined) settings.budgetTokens = budget;
	nest(left, 'thinking', inner.rest());
}

/** Reads the settings off a request or a copy of its reasoning fields; `left` learns what only a vendor knows. */
function readSettings(fields: Fields, left: JsonObject): ReasoningRequest {
	const settings: ReasoningRequest = {};
	readAggregators(fields, settings, left);
	readThinking(fields, settings, left);
	const enabled = fields.take('enable_thinking', read.boolean);
	if (enabled !== undefined) settings.mode = enabled ? 'on' : 'off';
	const budget = fields.take('thinking_budget', read.integer(0));
	if (budget !== undefined) settings.budgetTokens = budget;
	const effort = fields.take('reasoning_effort', read.string);
	if (effort !== undefined) settings.effort = effort;
	if (settings.effort === 'none') settings.mode = 'off';
	return settings;
}

/** What the reasoning fields of a request ask for, in whichever form; undefined where they cannot be read. */
export function askedReasoning(wire: JsonObject): ReasoningRequest | undefined {
	try {
		return readSettings(new Fields(wire, ''), {});
	} catch (error) {
		if (isRelaisError(error)) return undefined;
		throw error;
	}
}

/** Takes the reasoning settings off a request. `left` learns vendors' own fields, and under `$asked` the form all came in. */
export function decodeReasoningSettings(fields: Fields, left: JsonObject): ReasoningRequest | undefined {
	const settings = readSettings(fields, left);
	const form: JsonObject = {};
	for (const field of REASONING_FIELDS) {
		const value = fields.wire[field];
		if (value !== undefined && value !== null) form[field] = value;
	}
	if (Object.keys(form).length === 0) return undefined;
	left.$asked = form;
	return settings;
}

function asBudget(settings: ReasoningRequest, losses: Losses): JsonObject {
	if (settings.mode === 'off') return { reasoning: { enabled: false } };
	if (settings.budgetTokens !== undefined) return { reasoning: { max_tokens: settings.budgetTokens } };
	if (settings.effort === undefined) return { reasoning: { enabled: true } };
	const tokens = budgetOfEffort(settings.effort);
	losses.add('approximated', 'reasoning', `Effort '${settings.effort}' was asked for as a budget of ${tokens} tokens.`);
	return { reasoning: { max_tokens: tokens } };
}

function switchOff(traits: ModelTraits, losses: Losses): JsonObject {
	const { efforts } = traits;
	if (efforts?.includes('none')) return { reasoning_effort: 'none' };
	const weakest = efforts?.[0];
	if (weakest === undefined) {
		losses.dropped('reasoning', 'Reasoning was asked to be off; this model has no known switch and keeps its own default.');
		return {};
	}
	losses.add('approximated', 'reasoning', `This model cannot turn reasoning off; its weakest effort '${weakest}' was asked for.`);
	return { reasoning_effort: weakest };
}

/** Reasoning asked for without a level: a model that decides for itself needs no word, any other gets the middle one. */
function asSwitch(settings: ReasoningRequest, traits: ModelTraits, losses: Losses): JsonObject {
	if (settings.mode !== 'on') return {};
	if (traits.reasoning === undefined) {
		losses.dropped('reasoning', 'Reasoning was asked to be on; this model has no known switch and keeps its own default.');
		return {};
	}
	losses.add('defaulted', 'reasoning', "Reasoning was asked for without a level; 'medium' was sent.");
	return { reasoning_effort: 'medium' };
}

function asEffort(settings: ReasoningRequest, traits: ModelTraits, losses: Losses): JsonObject {
	if (settings.mode === 'off') {
		if (settings.effort !== undefined && settings.effort !== 'none') {
			losses.dropped('reasoning.effort', 'Where reasoning is off, an effort has no place in this dialect.');
		}
		return switchOff(traits, losses);
	}
	if (settings.effort !== undefined) {
		if (settings.budgetTokens !== undefined) {
			losses.dropped('reasoning.budget_tokens', 'This dialect takes an effort, not a budget; the effort was sent.');
		}
		return { reasoning_effort: settings.effort };
	}
	if (settings.budgetTokens === undefined) return asSwitch(settings, traits, losses);
	const effort = effortOfBudget(settings.budgetTokens);
	losses.add('approximated', 'reasoning', `A budget of ${settings.budgetTokens} tokens was asked for as effort '${effort}'.`);
	return { reasoning_effort: effort };
}

function reportUnsaid(settings: ReasoningRequest, losses: Losses): void {
	if (settings.summary !== undefined)
		losses.dropped('reasoning.summary', 'The form of the reasoning shown cannot be chosen here.');
	if (settings.includeEncrypted === true) {
		losses.dropped('reasoning.encrypted_content', 'Encrypted reasoning cannot be asked for in this dialect.');
	}
}

/**
 * Writes reasoning settings; those that came from this dialect and still hold are written as they came (`left.$asked`).
 * Otherwise a budget model gets the aggregators' object, any other model a level.
 */
export function encodeReasoningSettings(
	settings: ReasoningRequest | undefined,
	left: JsonObject | undefined,
	traits: ModelTraits,
	losses: Losses,
): JsonObject {
	const form = left?.$asked;
	if (typeof form === 'object' && form !== null && !Array.isArray(form)) {
		if (same(readSettings(new Fields(form, ''), {}), settings ?? {})) return form;
	}
	if (settings === undefined) return {};
	if (traits.reasoning === 'none') {
		if (settings.mode !== 'off') losses.dropped('reasoning', 'This model cannot reason.');
		return {};
	}
	reportUnsaid(settings, losses);
	return traits.reasoning === 'budget' ? asBudget(settings, losses) : asEffort(settings, traits, losses);
}

/** Brings a level on the wire to one the model takes. */
export function fitEffort(wire: JsonObject, path: string, key: string, traits: ModelTraits, losses: Losses): void {
	const asked = wire[key];
	if (typeof asked !== 'string' || traits.efforts === undefined || traits.efforts.length === 0) return;
	const nearest = nearestEffort(asked, traits.efforts);
	if (nearest === asked) return;
	losses.add('approximated', path, `This model has no effort '${asked}'; '${nearest}' was asked for.`);
	wire[key] = nearest;
}
