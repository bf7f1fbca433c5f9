import type { ProviderConfig, RelaisConfig } from '../../config/index.ts';
import { DEFAULT_TIMEOUTS } from '../../config/index.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';

/** Starts and stops the simulated vendors as the config needs them, and adds them to its providers. */
export class Demo {
	#simulators: Simulators | undefined;

	/** The config with simulated providers where it asks for them: `always`, or `auto` and nothing else is there. */
	async apply(config: RelaisConfig): Promise<RelaisConfig> {
		const alone = config.providers.every((provider) => !provider.enabled);
		const wanted = config.simulate === 'always' || (config.simulate === 'auto' && alone);
		if (!wanted) return config;
		this.#simulators ??= await startSimulators({ pace: 'natural' });
		const lowest = Math.max(0, ...config.providers.map((provider) => provider.priority));
		const simulated = this.#simulators.vendors.map((vendor, index) => simulatedProvider(vendor, lowest + index + 1));
		return { ...config, providers: [...config.providers, ...simulated] };
	}

	async close(): Promise<void> {
		await this.#simulators?.close();
	}
}

function simulatedProvider(vendor: Simulators['vendors'][number], priority: number): ProviderConfig {
	return {
		name: vendor.name,
		type: vendor.flavor === 'local' ? `${vendor.kind}-compatible` : vendor.kind,
		enabled: true,
		priority,
		apiKey: vendor.apiKey,
		baseUrl: vendor.baseUrl,
		models: vendor.models.map((id) => ({ alias: id, id })),
		timeouts: DEFAULT_TIMEOUTS,
		limits: {},
		headers: {},
		options: {},
		origin: 'simulated',
		simulated: true,
	};
}
