import { expect, it } from 'vitest';
import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	type ContentPart,
	type ModelCapabilities,
	type ModelInfo,
	type Provider,
	RelaisError,
	type StreamPart,
} from '../../src/spec/index.ts';
import { type ProviderCheckOptions, providerChecks } from '../../src/testing/index.ts';

export const CAPABILITIES: ModelCapabilities = {
	chat: true,
	streaming: true,
	tools: true,
	jsonSchema: null,
	vision: false,
	reasoning: false,
	embeddings: false,
	dataSources: false,
};

export const MODEL: ModelInfo = {
	id: 'm',
	provider: 'sound',
	mode: 'chat',
	contextWindow: 1000,
	maxOutput: null,
	price: { input: 0, output: 0.5, cacheRead: null, cacheWrite: null },
	capabilities: CAPABILITIES,
	inputModalities: ['text'],
	outputModalities: ['text'],
};

/** Waits until the caller leaves. */
export function forever(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

export async function begin(request: ChatRequest, context: CallContext): Promise<void> {
	context.signal.throwIfAborted();
	if (request.model === 'slow') await forever(context.signal);
	if (request.model !== 'm') throw new RelaisError('model_not_found', `no model ${request.model}`);
}

/** Says what it was asked, or calls the first tool when it is told to call one. */
function content(request: ChatRequest): ContentPart {
	const [tool] = request.tools ?? [];
	if (request.toolChoice?.type === 'required' && tool?.type === 'function')
		return { type: 'tool-call', id: 'call-1', name: tool.name, kind: 'function', input: '{"city":"Paris"}' };
	const [part] = request.messages.at(-1)?.content ?? [];
	return { type: 'text', text: part?.type === 'text' ? part.text : 'something else' };
}

export function answer(request: ChatRequest): ChatResponse {
	const part = content(request);
	return {
		model: request.model,
		candidates: [{ index: 0, content: [part], stop: { kind: part.type === 'text' ? 'stop' : 'tool_calls' } }],
		usage: { inputTokens: 5, outputTokens: 7 },
	};
}

export function parts(request: ChatRequest): StreamPart[] {
	const whole = answer(request);
	const [candidate] = whole.candidates;
	const part = candidate?.content[0];
	if (candidate?.stop === undefined || part === undefined || whole.usage === undefined) throw new Error('no answer');
	const middle: StreamPart[] =
		part.type === 'tool-call'
			? [
					{ type: 'block-start', block: 0, candidate: 0, content: { ...part, input: '' } },
					{ type: 'tool-input-delta', block: 0, input: part.input },
				]
			: [
					{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } },
					...(part.type === 'text' ? part.text.split(/(?<= )/) : []).map(
						(text): StreamPart => ({ type: 'text-delta', block: 0, text }),
					),
				];
	return [
		{ type: 'start', model: request.model },
		...middle,
		{ type: 'block-end', block: 0 },
		{ type: 'finish', candidate: 0, stop: candidate.stop },
		{ type: 'usage', usage: whole.usage },
		{ type: 'end' },
	];
}

export async function* stream(request: ChatRequest, context: CallContext, told = parts(request)): AsyncIterable<StreamPart> {
	await begin(request, context);
	for (const part of told) {
		context.signal.throwIfAborted();
		yield part;
	}
}

/** A provider with nothing wrong, on plain objects so that a test can put one wrong thing into it. */
export function sound(): Provider {
	return {
		name: 'sound',
		type: 'test',
		capabilities: () => CAPABILITIES,
		listModels: async () => [MODEL],
		isHealthy: async () => ({ healthy: true, latencyMs: 1 }),
		chat: async (request, context) => {
			await begin(request, context);
			return answer(request);
		},
		chatStream: (request, context) => stream(request, context),
		close: async () => undefined,
	};
}

export const BROKEN: Provider = {
	...sound(),
	isHealthy: async () => ({ healthy: false, latencyMs: 1, detail: 'nobody is there' }),
	listModels: () => Promise.reject(new RelaisError('provider_unreachable', 'nobody is there')),
	chat: () => Promise.reject(new RelaisError('provider_unreachable', 'nobody is there', { provider: 'sound' })),
	async *chatStream() {
		yield { type: 'error', error: new RelaisError('provider_unreachable', 'nobody is there') };
	},
};

export const OPTIONS: ProviderCheckOptions = {
	model: 'm',
	slowModel: 'slow',
	deterministic: true,
	broken: () => BROKEN,
	secrets: ['sk-secret'],
	cancelLimitMs: 150,
	timeLimitMs: 2000,
};

/** A provider whose whole answers are changed. */
export function saying(change: (whole: ChatResponse) => unknown): Partial<Provider> {
	return {
		chat: async (request, context) => {
			await begin(request, context);
			return change(answer(request)) as ChatResponse;
		},
	};
}

/** A provider whose streams are changed. */
export function streaming(change: (told: StreamPart[], request: ChatRequest) => StreamPart[]): Partial<Provider> {
	return { chatStream: (request, context) => stream(request, context, change(parts(request), request)) };
}

/** A caller who never leaves. */
export class Quiet implements CallContext {
	readonly signal = new AbortController().signal;
	readonly requestId = 'quiet';
	warn(): void {}
}

/** The answer with another first candidate. */
export function first0(whole: ChatResponse, more: object): ChatResponse {
	return { ...whole, candidates: whole.candidates.map((candidate) => ({ ...candidate, ...more })) };
}

/** One wrong thing that its check must find, and what the check says of it. */
export interface Fault {
	wrong: string;
	/** A function where the fault has a state. */
	provider?: Partial<Provider> | (() => Partial<Provider>);
	options?: Partial<ProviderCheckOptions>;
	says: RegExp;
}

/** Tests that each of the checks finds what is wrong, and that none is without such a test. */
export function itFinds(checks: object, faults: { readonly [check: string]: readonly Fault[] }): void {
	it('has a fault for each check', () => expect(Object.keys(faults)).toEqual(Object.keys(checks)));

	const rows = Object.entries(faults).flatMap(([check, list]) => list.map((fault) => ({ check, ...fault })));
	it.each(rows)('$check: finds $wrong', async ({ check: name, provider, options, says }) => {
		const check = providerChecks({ ...OPTIONS, ...options }).find((candidate) => candidate.name === name);
		if (check === undefined) throw new Error(`no check "${name}"`);
		const bent = typeof provider === 'function' ? provider() : provider;
		const error: unknown = await check.run({ ...sound(), ...bent }).then(
			(reason) => new Error(`nothing was found${reason === undefined ? '' : `: ${reason}`}`),
			(thrown: unknown) => thrown,
		);
		const { name: kind, message } = error as Error;
		expect(kind === 'CheckFailure' ? message : `${kind}: ${message}`).toMatch(says);
	});
}
