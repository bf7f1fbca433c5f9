import { setTimeout } from 'node:timers/promises';
import type { Provider } from '../spec/index.ts';

/** How long a provider may take to close, in ms. */
const PATIENCE_MS = 2000;

/**
 * The providers of one config and how many requests still use them. They are closed once they have been replaced and the last
 * request is over, so that a reload takes nothing from under anybody.
 */
export class Lease {
	readonly #providers: readonly Provider[];
	readonly #failed: (provider: Provider, error: unknown) => void;
	#users = 0;
	#retired = false;

	/** @param failed told of providers that cannot be closed: nothing depends on it */
	constructor(providers: readonly Provider[], failed: (provider: Provider, error: unknown) => void) {
		this.#providers = providers;
		this.#failed = failed;
	}

	take(): void {
		this.#users++;
	}

	release(): void {
		this.#users--;
		this.#closeUnused();
	}

	/** No further request will take it. */
	retire(): void {
		this.#retired = true;
		this.#closeUnused();
	}

	/** Closes the providers, whoever uses them, and waits only so long for it. Never rejects. */
	async close(): Promise<void> {
		await Promise.all(
			this.#providers.map(async (provider) => {
				try {
					if (provider.close !== undefined) await Promise.race([provider.close(), tooLong()]);
				} catch (error) {
					this.#failed(provider, error);
				}
			}),
		);
	}

	#closeUnused(): void {
		if (this.#retired && this.#users === 0) void this.close();
	}
}

function tooLong(): Promise<never> {
	return setTimeout(PATIENCE_MS, undefined, { ref: false }).then(() => {
		throw new Error(`it did not close within ${PATIENCE_MS} ms`);
	});
}
