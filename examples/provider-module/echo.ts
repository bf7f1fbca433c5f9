/**
 * A provider of one's own: answers with what it was asked, in capitals. Written against `relais/spec` alone, and held to the checks
 * of `relais/testing`. Node runs it as it is; name it in the config:
 *
 *     plugins: [./examples/provider-module/echo.ts]
 *     providers:
 *       - { name: echo, type: echo, models: [shout] }
 */
import {
	type CallContext,
	type ChatRequest,
	type ChatResponse,
	type ModelCapabilities,
	type ModelInfo,
	type Provider,
	type ProviderSettings,
	type ProviderType,
	RelaisError,
	type StreamPart,
	type Usage,
} from '../../src/spec/index.ts';

const MODEL = 'shout';

const CAPABILITIES: ModelCapabilities = {
	chat: true,
	streaming: true,
	tools: false,
	jsonSchema: false,
	vision: false,
	reasoning: false,
	embeddings: false,
	dataSources: false,
};

/** The text of the last user turn, in capitals. */
function shout(request: ChatRequest): string {
	const last = request.messages.findLast((message) => message.role === 'user');
	const texts = last?.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)) ?? [];
	return texts.join(' ').toUpperCase();
}

/** A word counts as a token here. */
function usageOf(request: ChatRequest, answer: string): Usage {
	const count = (text: string): number => text.split(/\s+/).filter(Boolean).length;
	return { inputTokens: count(shout(request)), outputTokens: count(answer) };
}

/** Failures are `RelaisError`s with a code; a call whose client has left is not begun. */
function begin(request: ChatRequest, context: CallContext): void {
	context.signal.throwIfAborted();
	if (request.model !== MODEL) throw new RelaisError('model_not_found', `echo has one model, ${MODEL}, not "${request.model}"`);
}

class EchoProvider implements Provider {
	readonly name: string;
	readonly type = 'echo';

	constructor(settings: ProviderSettings) {
		this.name = settings.name;
	}

	capabilities(): ModelCapabilities {
		return CAPABILITIES;
	}

	async listModels(): Promise<ModelInfo[]> {
		return [
			{
				id: MODEL,
				provider: this.name,
				mode: 'chat',
				contextWindow: null,
				maxOutput: null,
				price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
				capabilities: CAPABILITIES,
				inputModalities: ['text'],
				outputModalities: ['text'],
			},
		];
	}

	async isHealthy() {
		return { healthy: true, latencyMs: 0 };
	}

	async chat(request: ChatRequest, context: CallContext): Promise<ChatResponse> {
		begin(request, context);
		const text = shout(request);
		return {
			model: request.model,
			candidates: [{ index: 0, content: [{ type: 'text', text }], stop: { kind: 'stop' } }],
			usage: usageOf(request, text),
		};
	}

	async *chatStream(request: ChatRequest, context: CallContext): AsyncIterable<StreamPart> {
		begin(request, context);
		const text = shout(request);
		yield { type: 'start', model: request.model };
		yield { type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } };
		for (const word of text.split(/(?<=\s)/)) {
			context.signal.throwIfAborted();
			yield { type: 'text-delta', block: 0, text: word };
		}
		yield { type: 'block-end', block: 0 };
		yield { type: 'finish', candidate: 0, stop: { kind: 'stop' } };
		yield { type: 'usage', usage: usageOf(request, text) };
		yield { type: 'end' };
	}
}

const echo: ProviderType = {
	type: 'echo',
	title: 'Echo',
	create: (settings) => new EchoProvider(settings),
};

export default echo;
