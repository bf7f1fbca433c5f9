import { costOf } from '../../src/cli/in-process/cost.ts';
import type { ModelInfo, Provider, Usage } from '../../src/spec/index.ts';

/** Counts what answers cost. Answers that are cancelled state no usage and are not counted. */
export class Meter {
	answers = 0;
	inputTokens = 0;
	outputTokens = 0;
	/** USD; null once an answer of unknown price was among them. */
	costUsd: number | null = 0;
	readonly #free: boolean;

	/** @param free whether a model without a price costs nothing: it runs on a machine of one's own */
	constructor(free: boolean) {
		this.#free = free;
	}

	add(usage: Usage | undefined, info: ModelInfo | undefined): void {
		if (usage === undefined) return;
		this.answers++;
		this.inputTokens += usage.inputTokens;
		this.outputTokens += usage.outputTokens;
		const cost = costOf(usage, info) ?? (this.#free ? 0 : null);
		this.costUsd = cost === null || this.costUsd === null ? null : this.costUsd + cost;
	}
}

/** The same provider, with all its answers counted. @param info what is known of the model that is asked */
export function metered(provider: Provider, meter: Meter, info: ModelInfo | undefined): Provider {
	const { wire, credentialHint, hasList } = provider;
	return {
		name: provider.name,
		type: provider.type,
		capabilities: (model) => provider.capabilities(model),
		listModels: (context) => provider.listModels(context),
		isHealthy: (context) => provider.isHealthy(context),
		async chat(request, context) {
			const answer = await provider.chat(request, context);
			meter.add(answer.usage, info);
			return answer;
		},
		async *chatStream(request, context) {
			let usage: Usage | undefined;
			for await (const part of provider.chatStream(request, context)) {
				if (part.type === 'usage') usage = part.usage;
				if (part.type === 'end') meter.add(usage, info);
				yield part;
			}
		},
		...(wire !== undefined && { wire }),
		...(provider.wireFor !== undefined && { wireFor: provider.wireFor.bind(provider) }),
		...(credentialHint !== undefined && { credentialHint }),
		...(hasList !== undefined && { hasList }),
		close: async () => provider.close?.(),
	};
}
