import { isObject } from '../../lib/json.ts';
import type {
	Candidate,
	ChatResponse,
	ContentPart,
	EncodeResponseContext,
	Extensible,
	JsonObject,
	ReasoningPart,
	Translated,
} from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { encodeCall } from './call-encode.ts';
import { DIALECT, isOwn, mark, refill } from './dialect.ts';
import { encodeLogprobs } from './logprobs.ts';
import { sealsOf, thinkingOf } from './seals.ts';
import { encodeStop } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

/** Writes a whole answer for a client. Of several candidates, only the first can be told. */
export function encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	losses.extensions(response, '');
	const [candidate, ...others] = [...response.candidates].sort((a, b) => a.index - b.index);
	if (others.length > 0) losses.dropped('candidates', `Only the first of ${response.candidates.length} answers is shown.`);
	const unfinished = isOwn(response) && candidate?.stop === undefined;
	const body: JsonObject = {
		...encodeHead(response, context),
		message: encodeMessage(candidate ?? { index: 0, content: [] }, losses),
		done: !unfinished,
		...(unfinished ? {} : encodeStop(candidate?.stop, losses)),
		...encodeCounts(response, losses),
	};
	if (candidate?.logprobs !== undefined) body.logprobs = mark(response, '$logprobs') ?? encodeLogprobs(candidate.logprobs);
	return { value: refill(body, response), warnings: losses.warnings };
}

/** Model and moment of an answer or of a line of it. `node`: what keeps the moment as it was written. */
export function encodeHead(
	head: Pick<ChatResponse, 'model' | 'createdAt'> & Extensible,
	context: EncodeResponseContext,
	node: Extensible = head,
): JsonObject {
	const own = isOwn(head);
	const wire: JsonObject = {};
	const model = head.model ?? (own ? undefined : context.model);
	if (model !== undefined) wire.model = model;
	const kept = mark(node, '$created');
	if (kept !== undefined) wire.created_at = kept;
	else if (!own) wire.created_at = new Date((head.createdAt ?? context.now) * 1000).toISOString();
	return wire;
}

function encodeCounts({ usage }: ChatResponse, losses: Losses): JsonObject {
	reportUsage(usage, losses);
	return encodeUsage(usage);
}

/** Counts the API does not make are lost. */
export function reportUsage(usage: ChatResponse['usage'], losses: Losses): void {
	if (usage === undefined) return;
	losses.extensions(usage, 'usage');
	const details = [usage.cacheReadTokens, usage.cacheWriteTokens, usage.reasoningTokens, usage.outputAudioTokens];
	if (details.some((count) => count !== undefined && count > 0))
		losses.dropped('usage', 'Tokens are counted as input and output alone; their kinds are not shown.');
}

function encodeMessage(candidate: Candidate, losses: Losses): JsonObject {
	losses.extensions(candidate, '');
	if ((candidate.citations?.length ?? 0) > 0) losses.dropped('citations', 'Sources are not shown in this dialect.');
	const role = mark(candidate, '$role') ?? 'assistant';
	const wire: JsonObject = role === 'none' ? {} : { role };
	const parts = candidate.content;
	const texts: string[] = [];
	const images: string[] = [];
	const calls: JsonObject[] = [];
	parts.forEach((part, index) => {
		const path = `content[${index}]`;
		if (part.type !== 'tool-call') losses.extensions(part, path);
		const shown = shownText(part, path, losses);
		if (shown !== undefined) texts.push(shown);
		else if (part.type === 'image' && part.source.type === 'base64') images.push(part.source.data);
		else if (part.type === 'tool-call' && part.providerExecuted === undefined)
			calls.push(encodeCall(part, path, losses, calls.length));
		else if (part.type !== 'reasoning') notShown(part, path, losses);
	});
	if (texts.length > 0 || mark(candidate, '$content') !== 'none') wire.content = texts.join('');
	const reasoning = parts.filter((part): part is ReasoningPart => part.type === 'reasoning');
	const thinking = reasoning.map(thinkingOf).join('');
	if (thinking !== '') wire.thinking = thinking;
	if (images.length > 0) wire.images = images;
	if (calls.length > 0) wire.tool_calls = calls;
	const seals = sealsOf(reasoning);
	if (seals !== undefined) wire.seals = seals;
	return refill(wire, candidate);
}

/** What a part says in words; undefined for parts that are no text. */
export function shownText(part: ContentPart, path: string, losses: Losses): string | undefined {
	if (part.type === 'text') {
		if ((part.citations?.length ?? 0) > 0) losses.dropped(`${path}.citations`, 'Sources are not shown in this dialect.');
		if (part.signature !== undefined) losses.dropped(`${path}.signature`, 'The proof of a text has no place in this dialect.');
		return part.text;
	}
	if (part.type === 'refusal') return part.text;
	if (part.type !== 'audio' || part.transcript === undefined) return undefined;
	losses.add('approximated', path, 'Spoken words are shown as their transcript.');
	return part.transcript;
}

/** Reports a part clients of this dialect cannot be shown. */
export function notShown(part: ContentPart, path: string, losses: Losses): void {
	if (part.type === 'opaque' && isObject(part.value) && part.dialect === DIALECT) return;
	losses.dropped(path, `An answer cannot show content of type '${part.type}' in this dialect.`);
}
