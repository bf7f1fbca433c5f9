import { isObject } from '../../lib/json.ts';
import type {
	Candidate,
	ChatResponse,
	ContentPart,
	EncodeResponseContext,
	JsonObject,
	StopReason,
	TokenLogprob,
	Translated,
} from '../../spec/index.ts';
import { Losses, own, restored } from '../shared/index.ts';
import { echoOf } from './echo.ts';
import { mark, marked } from './forms.ts';
import { answerId } from './ids.ts';
import { encodeItems } from './items-encode.ts';
import { encodeLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';
import { encodeStop } from './status.ts';
import { encodeUsage } from './usage.ts';

/** What a response object states besides its output where another dialect's answer says nothing of it. */
const NEUTRAL: JsonObject = {
	background: false,
	error: null,
	incomplete_details: null,
	instructions: null,
	max_output_tokens: null,
	max_tool_calls: null,
	metadata: {},
	parallel_tool_calls: true,
	previous_response_id: null,
	reasoning: { effort: null, summary: null },
	store: false,
	temperature: null,
	text: { format: { type: 'text' } },
	tool_choice: 'auto',
	tools: [],
	top_logprobs: 0,
	top_p: null,
	truncation: 'disabled',
	user: null,
};

/** Who answered, as this dialect names it. */
export type Identity = Pick<ChatResponse, 'id' | 'model' | 'createdAt' | 'serviceTier' | 'extensions'>;

/** The id under which an answer is shown. */
export function shownId(identity: Identity, context: EncodeResponseContext): string {
	return own(identity, DIALECT) === undefined ? answerId(identity.id ?? context.id) : (identity.id ?? context.id);
}

/** What the answer repeats of its request. One of this dialect has it already, but for the reference that Relais resolved itself. */
function settings(left: JsonObject | undefined, { request }: EncodeResponseContext): JsonObject {
	if (left === undefined) return request === undefined ? NEUTRAL : echoOf(request, NEUTRAL);
	const previous = request?.previous_response_id;
	return previous === undefined ? restored(left) : { ...restored(left), previous_response_id: previous };
}

/** A response object without output, status and usage. */
export function envelope(identity: Identity, context: EncodeResponseContext): JsonObject {
	const left = own(identity, DIALECT);
	return {
		object: 'response',
		...settings(left, context),
		id: shownId(identity, context),
		...(left !== undefined && identity.createdAt === undefined ? {} : { created_at: identity.createdAt ?? context.now }),
		...(left !== undefined && identity.model === undefined ? {} : { model: identity.model ?? context.model }),
		...(identity.serviceTier === undefined ? {} : { service_tier: identity.serviceTier }),
	};
}

/** How an answer ended, as members of its response object; says what they leave unsaid. */
export function ending(
	stop: StopReason | undefined,
	content: readonly ContentPart[],
	identity: Identity,
	losses: Losses,
): JsonObject {
	const came = mark(identity, '$ended');
	const { poorer, ...members } = encodeStop(stop, content, isObject(came) ? came : undefined);
	if (poorer && stop !== undefined) {
		losses.add(
			'approximated',
			'status',
			`The answer ended with '${stop.raw ?? stop.kind}'; this dialect says '${members.status}'.`,
		);
	}
	return members;
}

/** Log-probabilities of the answer as a whole belong to its first text, unless its texts brought their own. */
function withLogprobs(content: ContentPart[], logprobs: TokenLogprob[] | undefined): ContentPart[] {
	if (logprobs === undefined || content.some((part) => mark(part, '$logprobs') !== undefined)) return content;
	const at = content.findIndex((part) => part.type === 'text');
	const part = content[at];
	if (part === undefined || own(part, DIALECT) !== undefined) return content;
	const wire: JsonObject = { annotations: [], logprobs: [] };
	return content.with(at, marked(part, { $form: wire, $logprobs: encodeLogprobs(logprobs) }));
}

/** A refusal that only the reason for stopping states is said as one. */
export function refusalOf(stop: StopReason | undefined, content: readonly ContentPart[]): ContentPart[] {
	const said = content.some((part) => part.type === 'refusal');
	return stop?.kind === 'refusal' && !said && stop.message !== undefined ? [{ type: 'refusal', text: stop.message }] : [];
}

function reportCandidates(candidates: readonly Candidate[], losses: Losses): void {
	if (candidates.length > 1) losses.dropped('candidates', 'Only the first answer is shown in this dialect.');
	const [first] = candidates;
	if (first === undefined) return;
	losses.extensions(first, 'output');
	if (first.stop !== undefined) losses.extensions(first.stop, 'status');
	if (first.citations !== undefined && first.citations.length > 0) {
		losses.dropped('output.citations', 'Citations of an answer as a whole have no place in this dialect.');
	}
}

/** Writes a whole answer as official clients read it; one that came from this dialect is written as it came. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	losses.extensions(response, '');
	reportCandidates(response.candidates, losses);
	const [candidate = { index: 0, content: [] }] = response.candidates;
	const content = withLogprobs([...candidate.content, ...refusalOf(candidate.stop, candidate.content)], candidate.logprobs);
	const output = encodeItems(content, 'output', { losses, answer: shownId(response, context) });
	const body: JsonObject = {
		...envelope(response, context),
		...ending(candidate.stop, candidate.content, response, losses),
		output,
	};
	if (response.usage !== undefined) {
		losses.extensions(response.usage, 'usage');
		body.usage = encodeUsage(response.usage);
	} else body.usage ??= null;
	return { value: body, warnings: losses.warnings };
}
