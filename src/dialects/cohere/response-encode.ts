import type { Candidate, ChatResponse, ContentPart, EncodeResponseContext, JsonObject, Translated } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { encodeCall } from './calls.ts';
import { encodeCitation } from './citations.ts';
import { contentOf, encodeBlock, thinkingOf } from './content-encode.ts';
import { DIALECT, isOwn, mark, refill } from './dialect.ts';
import { isPlan } from './messages-encode.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer for a client. Of several candidates, only the first can be told. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	losses.extensions(response, '');
	const own = isOwn(response);
	const [candidate = { index: 0, content: [] }, ...others] = [...response.candidates].sort((a, b) => a.index - b.index);
	if (others.length > 0) losses.dropped('candidates', `Only the first of ${response.candidates.length} answers is shown.`);
	if (candidate.logprobs !== undefined)
		losses.dropped('logprobs', 'Log-probabilities are told with token ids, which are not known.');
	const body: JsonObject = { ...encodeHead(response, context), message: encodeMessage(candidate, context, losses) };
	if (!own || candidate.stop !== undefined)
		Object.assign(body, encodeStop(candidate.stop, candidate.content.some(isCall), losses));
	if (!own || response.usage !== undefined) body.usage = encodeUsage(response.usage, losses);
	return { value: refill(body, response), warnings: losses.warnings };
}

/** What an answer says of itself. The API names no model; clients of Relais may want to know which one answered. */
export function encodeHead(head: Pick<ChatResponse, 'id' | 'model' | 'extensions'>, context: EncodeResponseContext): JsonObject {
	const own = isOwn(head);
	const wire: JsonObject = {};
	const id = head.id ?? (own ? undefined : context.id);
	if (id !== undefined) wire.id = id;
	const model = head.model ?? (own ? undefined : context.model);
	if (model !== undefined) wire.model = model;
	return wire;
}

/** Whether a part asks the application for a tool. */
export function isCall(part: ContentPart): boolean {
	return part.type === 'tool-call' && part.providerExecuted === undefined;
}

/** An id for a call that came without one. */
export function callId(id: string, index: number, context: EncodeResponseContext): string {
	return id === '' ? `call_${context.id.replace(/[^a-zA-Z0-9]/g, '')}_${index}` : id;
}

function encodeMessage(candidate: Candidate, context: EncodeResponseContext, losses: Losses): JsonObject {
	losses.extensions(candidate, '');
	const blocks: JsonObject[] = [];
	const plans: string[] = [];
	const calls: JsonObject[] = [];
	const citations: JsonObject[] = [];
	candidate.content.forEach((part, index) => {
		const path = `content[${index}]`;
		if (part.type === 'reasoning' && isPlan(part)) plans.push(thinkingOf(part));
		else if (part.type === 'tool-call' && isCall(part))
			calls.push(encodeCall(part, callId(part.id, calls.length, context), path, losses));
		else {
			const block = encodeBlock(part, path, losses, 'answer');
			if (block === undefined) return;
			blocks.push(block);
			if (part.type === 'text') citations.push(...citationsOf(part, blocks.length - 1));
		}
	});
	if ((candidate.citations?.length ?? 0) > 0) losses.dropped('citations', 'Sources of the answer as a whole are not shown.');
	return assemble(candidate, blocks, { plans, calls, citations });
}

function citationsOf(part: Extract<ContentPart, { type: 'text' }>, at: number): JsonObject[] {
	return (part.citations ?? []).map((each) => encodeCitation(each, part.text, at)).filter((each) => each !== undefined);
}

function assemble(
	candidate: Candidate,
	blocks: JsonObject[],
	{ plans, calls, citations }: { plans: string[]; calls: JsonObject[]; citations: JsonObject[] },
): JsonObject {
	const role = mark(candidate, '$role') ?? 'assistant';
	const wire: JsonObject = role === 'none' ? {} : { role };
	const form = mark(candidate, '$content') ?? (calls.length > 0 && blocks.length === 0 ? 'none' : 'blocks');
	const content = contentOf(blocks, form);
	if (content !== undefined) wire.content = content;
	if (plans.length > 0) wire.tool_plan = plans.join('');
	if (calls.length > 0) wire.tool_calls = calls;
	if (citations.length > 0) wire.citations = mark(candidate, '$citations') ?? citations;
	return refill(wire, candidate);
}
