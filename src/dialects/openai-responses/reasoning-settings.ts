import type { ChatRequest, JsonObject, ModelTraits, ReasoningRequest } from '../../spec/index.ts';
import { Fields, type Losses, read, restored } from '../shared/index.ts';
import { effortOfBudget, nearestEffort } from './effort.ts';
import { nest, nested } from './forms.ts';

/** Values of `include` that the canonical form has a name for. */
export const ENCRYPTED = 'reasoning.encrypted_content';
export const LOGPROBS = 'message.output_text.logprobs';

/** Takes `reasoning` off a request. */
export function decodeReasoningSettings(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = fields.take('reasoning', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('reasoning'));
	const settings: ReasoningRequest = {};
	const effort = inner.take('effort', read.string);
	const summary = inner.take('summary', read.string);
	// The older name of `summary`.
	const generate = summary === undefined ? inner.take('generate_summary', read.string) : undefined;
	if (effort !== undefined) settings.effort = effort;
	if (effort === 'none') settings.mode = 'off';
	const shown = summary ?? generate;
	if (shown !== undefined) settings.summary = shown;
	request.reasoning = settings;
	nest(left, 'reasoning', { ...inner.rest(), $there: true, ...(generate === undefined ? {} : { $summary: 'generate_summary' }) });
}

/** Takes `include` and `top_logprobs` off a request: what should come back beside the answer. */
export function decodeInclude(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const include = fields.take('include', read.arrayOf(read.string)) ?? [];
	const top = fields.take('top_logprobs', read.integer(0));
	if (fields.wire.include !== undefined && fields.wire.include !== null) left.$include = include;
	if (include.includes(ENCRYPTED)) request.reasoning = { ...request.reasoning, includeEncrypted: true };
	if (include.includes(LOGPROBS)) request.logprobs = { top: top ?? 0 };
	if (top !== undefined) left.$top = top;
	const others = include.filter((each) => each !== ENCRYPTED && each !== LOGPROBS);
	if (others.length > 0) left.include = others;
}

/** What to include, in the order it came where it still says the same. */
export function encodeInclude(request: ChatRequest, encrypted: boolean, left: JsonObject | undefined): JsonObject {
	const others = Array.isArray(left?.include) ? left.include : [];
	const came = Array.isArray(left?.$include) ? left.$include : undefined;
	const wanted = [...others, ...(encrypted ? [ENCRYPTED] : []), ...(request.logprobs === undefined ? [] : [LOGPROBS])];
	const alone = left !== undefined && !(came ?? []).includes(LOGPROBS) && typeof left.$top === 'number' ? left.$top : undefined;
	const top = request.logprobs?.top ?? alone;
	const asked = top === undefined || (top === 0 && left?.$top === undefined) ? {} : { top_logprobs: top };
	const unchanged = came !== undefined && came.length === wanted.length && wanted.every((each) => came.includes(each));
	if (unchanged) return { include: came, ...asked };
	return wanted.length === 0 ? asked : { include: wanted, ...asked };
}

/** Summaries that mean none; the API has no word for that. */
const NO_SUMMARY: ReadonlySet<string> = new Set(['none', 'omitted']);

function fitEffort(effort: string, traits: ModelTraits, losses: Losses): string {
	if (traits.efforts === undefined || traits.efforts.length === 0) return effort;
	const nearest = nearestEffort(effort, traits.efforts);
	if (nearest !== effort) {
		losses.add('approximated', 'reasoning.effort', `This model has no effort '${effort}'; '${nearest}' was asked for.`);
	}
	return nearest;
}

function switchedOff(traits: ModelTraits, losses: Losses): string | undefined {
	if (traits.efforts?.includes('none')) return 'none';
	const weakest = traits.efforts?.[0];
	if (weakest === undefined) {
		losses.dropped('reasoning', 'Reasoning was asked to be off; this model has no known switch and keeps its own default.');
	} else {
		losses.add(
			'approximated',
			'reasoning',
			`This model cannot turn reasoning off; its weakest effort '${weakest}' was asked for.`,
		);
	}
	return weakest;
}

/** The level to ask for; undefined leaves it to the model. */
function effortOf(settings: ReasoningRequest, traits: ModelTraits, losses: Losses): string | undefined {
	const { mode, effort, budgetTokens } = settings;
	if (mode === 'off') return switchedOff(traits, losses);
	if (effort !== undefined) {
		if (budgetTokens !== undefined) {
			losses.dropped('reasoning.budget_tokens', 'This dialect takes an effort, not a budget; the effort was sent.');
		}
		return fitEffort(effort, traits, losses);
	}
	if (budgetTokens === undefined) return undefined;
	const nearest = effortOfBudget(budgetTokens);
	losses.add('approximated', 'reasoning', `A budget of ${budgetTokens} tokens was asked for as effort '${nearest}'.`);
	return fitEffort(nearest, traits, losses);
}

function summaryOf(settings: ReasoningRequest, key: string): JsonObject {
	if (settings.summary === undefined || NO_SUMMARY.has(settings.summary)) return {};
	return { [key]: settings.summary };
}

/** Writes `reasoning`: a level, and which summary to show. */
export function encodeReasoningSettings(
	request: ChatRequest,
	left: JsonObject | undefined,
	traits: ModelTraits,
	losses: Losses,
): JsonObject {
	const settings = request.reasoning ?? {};
	const rest = nested(left, 'reasoning');
	if (traits.reasoning === 'none') {
		const asked = request.reasoning !== undefined && settings.mode !== 'off';
		if (asked && (rest !== undefined || left === undefined)) losses.dropped('reasoning', 'This model cannot reason.');
		return {};
	}
	const own = rest?.$there === true;
	const effort =
		own && settings.mode === 'off' && settings.effort === 'none' && traits.efforts === undefined
			? 'none'
			: effortOf(settings, traits, losses);
	const wire: JsonObject = {
		...restored(rest),
		...(effort === undefined ? {} : { effort }),
		...summaryOf(settings, rest?.$summary === 'generate_summary' ? 'generate_summary' : 'summary'),
	};
	return Object.keys(wire).length === 0 && !own ? {} : { reasoning: wire };
}

/** Whether to ask for encrypted reasoning: a client of another dialect cannot, but needs it to go on with the conversation. */
export function wantsEncrypted(request: ChatRequest, left: JsonObject | undefined, traits: ModelTraits): boolean {
	if (request.reasoning?.includeEncrypted === true) return traits.reasoning !== 'none';
	if (left !== undefined || traits.reasoning === 'none') return false;
	const { reasoning } = request;
	const asked = reasoning !== undefined && reasoning.mode !== 'off' && reasoning.effort !== 'none';
	return traits.reasoning !== undefined || asked;
}
