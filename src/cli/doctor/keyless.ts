import type { ProviderConfig, RelaisConfig } from '../../config/index.ts';
import { Relais } from '../../engine/index.ts';
import type { Provider } from '../../spec/index.ts';
import { createLogger } from '../../telemetry/log/index.ts';

/**
 * Whether a provider answers a question as well without its key: the answer then says nothing of the key. False also where it
 * cannot do without one.
 */
export async function answersWithoutKey(
	config: RelaisConfig,
	entry: ProviderConfig,
	question: (provider: Provider) => Promise<unknown>,
): Promise<boolean> {
	if (entry.apiKey === undefined) return true;
	const { apiKey: _, ...keyless } = entry;
	let twin: Relais | undefined;
	try {
		twin = await Relais.create({ config: { ...config, providers: [keyless], routes: [] }, logger: createLogger('silent') });
		const [provider] = twin.state.providers;
		if (provider === undefined) return false;
		await question(provider);
		return true;
	} catch {
		// Refused, as it should be; or the type cannot be made without a key.
		return false;
	} finally {
		await twin?.close();
	}
}
