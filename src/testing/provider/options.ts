import type { ErrorCode, Provider } from '../../spec/index.ts';

/** What the checks must know of the provider they look at. */
export interface ProviderCheckOptions {
	/** A model that answers chats. */
	model: string;
	/** Whether that model calls tools. Default: what `capabilities` says. */
	tools?: boolean;
	/** A model the provider does not have; false where it answers under any name. Default: `relais-no-such-model`. */
	unknownModel?: string | false;
	/** What an unknown model may fail with. Default: `model_not_found`, `provider_not_found`. */
	unknownModelCodes?: readonly ErrorCode[];
	/** A model that takes seconds to answer. Without one, cancelling is checked on answers that may be over before. */
	slowModel?: string;
	/** True where the same request always gets the same answer: the stream must then say word for word what the whole answer says. */
	deterministic?: boolean;
	/** Makes the same kind of provider where nothing can work: a wrong key, an address where nobody listens. */
	broken?: () => Provider;
	/** What no message may hold: keys. */
	secrets?: readonly string[];
	/** Time for one check, in ms. Default: 30,000. */
	timeLimitMs?: number;
	/** Time a cancelled call has to end, in ms. Default: 1000. */
	cancelLimitMs?: number;
}

/** The options, complete. */
export interface Settings extends ProviderCheckOptions {
	unknownModel: string | false;
	unknownModelCodes: readonly ErrorCode[];
	secrets: readonly string[];
	timeLimitMs: number;
	cancelLimitMs: number;
}

export function complete(options: ProviderCheckOptions): Settings {
	return {
		...options,
		unknownModel: options.unknownModel ?? 'relais-no-such-model',
		unknownModelCodes: options.unknownModelCodes ?? ['model_not_found', 'provider_not_found'],
		secrets: options.secrets ?? [],
		timeLimitMs: options.timeLimitMs ?? 30_000,
		cancelLimitMs: options.cancelLimitMs ?? 1000,
	};
}
