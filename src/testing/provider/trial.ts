import type { CallContext, ChatRequest, ChatResponse, ContentPart, Provider, StreamPart } from '../../spec/index.ts';
import { accumulate } from '../accumulate.ts';
import { type Check, CheckFailure, ensure, ensureNone, within } from '../check.ts';
import { relaisError, response, warning } from '../shapes.ts';
import { streamFault } from '../stream-grammar.ts';
import type { Settings } from './options.ts';

/** One check's use of a provider. */
export class Trial {
	readonly provider: Provider;
	readonly settings: Settings;
	readonly #limit: AbortSignal;

	/** @param limit fires when the check has taken too long */
	constructor(provider: Provider, settings: Settings, limit: AbortSignal) {
		this.provider = provider;
		this.settings = settings;
		this.#limit = limit;
	}

	/** A call's context. Warnings must have the spec's shape. @param signal ends the call; the check's own limit ends it anyway */
	context(signal?: AbortSignal): CallContext {
		return {
			signal: signal === undefined ? this.#limit : AbortSignal.any([signal, this.#limit]),
			requestId: 'relais-provider-check',
			warn: (told) => ensureNone(warning(told, 'a warning')),
		};
	}

	/** A chat of one turn. */
	request(text: string, more: Partial<ChatRequest> = {}): ChatRequest {
		return {
			model: this.settings.model,
			messages: [{ role: 'user', content: [{ type: 'text', text }] }],
			stream: false,
			sampling: {},
			...more,
		};
	}

	/** A whole answer of the right shape. */
	async chat(request: ChatRequest): Promise<ChatResponse> {
		const answer = await this.provider.chat({ ...request, stream: false }, this.context());
		ensureNone(response(answer, 'the answer'));
		return answer;
	}

	/** All parts of a streamed answer, by the grammar and without an error. */
	async stream(request: ChatRequest): Promise<StreamPart[]> {
		const parts: StreamPart[] = [];
		for await (const part of this.provider.chatStream({ ...request, stream: true }, this.context())) parts.push(part);
		const last = parts.at(-1);
		if (last?.type === 'error') throw last.error;
		ensureNone(streamFault(parts));
		return parts;
	}

	/** A streamed answer, put together. */
	async streamed(request: ChatRequest): Promise<ChatResponse> {
		const answer = accumulate(await this.stream(request));
		ensureNone(response(answer, 'the streamed answer'));
		return answer;
	}

	/** How reading a stream fails, as a rejection or an `error` part; undefined where it does not. */
	async streamFailure(request: ChatRequest, context: CallContext, provider = this.provider): Promise<unknown> {
		try {
			for await (const part of provider.chatStream({ ...request, stream: true }, context))
				if (part.type === 'error') return part.error;
		} catch (error) {
			return error;
		}
		return undefined;
	}

	/** Fails unless a failure is a `RelaisError` that says something, names no other provider and holds no secret. */
	ensureTyped(error: unknown, what: string, provider = this.provider): void {
		ensureNone(relaisError(error, what));
		const { message, provider: named } = error as { message: string; provider?: string };
		ensure(named === undefined || named === provider.name, `${what} names the provider "${named}", not "${provider.name}"`);
		this.ensureNoSecret(message, what);
	}

	ensureNoSecret(text: string, what: string): void {
		ensure(!this.settings.secrets.some((secret) => text.includes(secret)), `${what} holds a secret`);
	}
}

/** What a check does; the string it gives says why it does not apply. */
export type Body = (trial: Trial) => Promise<string | undefined>;

/** Checks by name. */
export type Bodies = { readonly [name: string]: Body };

/** A check with a time limit: its calls are cancelled when that passes. */
export function providerCheck(name: string, settings: Settings, body: Body): Check<Provider> {
	return {
		name,
		async run(provider) {
			const limit = new AbortController();
			try {
				return await within(settings.timeLimitMs, 'the check', body(new Trial(provider, settings, limit.signal)));
			} finally {
				limit.abort(new CheckFailure('the check is over'));
			}
		},
	};
}

/** What a promise is rejected with; undefined where it is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(error: unknown) => error,
	);
}

/** The text of an answer. */
export function textOf(answer: ChatResponse): string {
	const parts = answer.candidates.flatMap((candidate) => candidate.content);
	return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Parts of the first candidate of one kind. */
export function partsOf<T extends ContentPart['type']>(answer: ChatResponse, type: T): Extract<ContentPart, { type: T }>[] {
	const content = answer.candidates[0]?.content ?? [];
	return content.filter((part): part is Extract<ContentPart, { type: T }> => part.type === type);
}
