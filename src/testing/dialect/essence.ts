import { tryParse } from '../../lib/json.ts';
import type { Candidate, ChatRequest, ChatResponse, ContentPart, Message } from '../../spec/index.ts';

/** What a value says, aspect by aspect, whatever the way in which a dialect cuts it into messages and parts. */
export type Essence = { readonly [aspect: string]: unknown };

/** Names tool calls by their order: dialects without ids make their own. */
class CallNames {
	readonly #names = new Map<string, string>();

	of(id: string): string {
		const known = this.#names.get(id);
		if (known !== undefined) return known;
		const name = `call ${this.#names.size}`;
		this.#names.set(id, name);
		return name;
	}
}

function textsOf(content: readonly ContentPart[]): string {
	return content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('');
}

/** A part without what only some dialects know of it. */
function partEssence(part: ContentPart, names: CallNames): unknown[] {
	switch (part.type) {
		case 'text':
		case 'refusal':
			return ['text', part.text];
		case 'reasoning':
			return [part.type, part.text, part.signature];
		case 'tool-call':
			return [part.type, names.of(part.id), part.name, tryParse(part.input) ?? part.input];
		case 'tool-result':
			return [part.type, names.of(part.callId), textsOf(part.content)];
		case 'image':
		case 'document':
		case 'audio':
		case 'video':
			return [part.type, part.source];
		default:
			return [part.type];
	}
}

/** Parts in order, adjacent texts as one, empty texts left out. */
function contentEssence(content: readonly ContentPart[], names: CallNames): unknown[][] {
	const essence: unknown[][] = [];
	for (const part of content) {
		if (part.type === 'text' && part.text === '') continue;
		const [type, words, ...rest] = partEssence(part, names);
		const last = essence.at(-1);
		if (type === 'text' && last?.[0] === 'text') last[1] = `${String(last[1])}${String(words)}`;
		else essence.push([type, words, ...rest]);
	}
	return essence;
}

/** Turns without instructions, adjacent ones of a role as one. */
function turns(messages: readonly Message[]): unknown[] {
	const names = new CallNames();
	const found: { role: string; content: unknown[][] }[] = [];
	for (const { role, content } of messages) {
		if (role === 'system') continue;
		const parts = contentEssence(content, names);
		const last = found.at(-1);
		if (last?.role === role) last.content.push(...parts);
		else found.push({ role, content: parts });
	}
	return found;
}

/** The default, where none is stated, is that the model decides. */
function choice({ tools, toolChoice }: ChatRequest): unknown {
	if (toolChoice?.type === 'tool') return [toolChoice.type, toolChoice.name];
	return toolChoice ?? (tools === undefined ? undefined : { type: 'auto' });
}

export function requestEssence(request: ChatRequest): Essence {
	const { sampling, output } = request;
	const system = request.messages.filter((message) => message.role === 'system').map(({ content }) => textsOf(content));
	const failed = request.messages.flatMap(({ content }) =>
		content.map((part) => part.type === 'tool-result' && part.isError === true),
	);
	return {
		stream: request.stream,
		system: system.join('\n'),
		turns: turns(request.messages),
		tools: (request.tools ?? []).map((tool) =>
			tool.type === 'function' ? [tool.name, tool.description, tool.parameters] : tool,
		),
		toolChoice: choice(request),
		parallelToolCalls: request.parallelToolCalls ?? true,
		toolErrors: failed.filter(Boolean).length,
		maxOutputTokens: request.maxOutputTokens,
		temperature: sampling.temperature,
		topP: sampling.topP,
		topK: sampling.topK,
		seed: sampling.seed,
		stop: sampling.stop ?? [],
		output: output?.type === 'json_schema' ? output.schema : (output?.type ?? 'text'),
		effort: request.reasoning?.effort,
		budget: request.reasoning?.budgetTokens,
		user: request.user,
		metadata: request.metadata,
		serviceTier: request.serviceTier,
	};
}

/** Why an answer ended. Dialects that know one way to withhold an answer use it for all. */
function ending({ content, stop }: Candidate): unknown {
	const withheld = stop?.kind === 'refusal' || stop?.kind === 'content_filter' || content.some((part) => part.type === 'refusal');
	return withheld ? 'withheld' : stop?.kind;
}

export function responseEssence(response: ChatResponse): Essence {
	const { usage, candidates } = response;
	const names = new CallNames();
	return {
		model: response.model,
		content: candidates.map((candidate) => contentEssence(candidate.content, names)),
		stop: candidates.map(ending),
		tokens: [usage?.inputTokens, usage?.outputTokens],
		cacheRead: usage?.cacheReadTokens ?? 0,
		cacheWrite: usage?.cacheWriteTokens ?? 0,
		reasoningTokens: usage?.reasoningTokens ?? 0,
	};
}
