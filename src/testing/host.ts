import { loadCatalog } from '../catalog/index.ts';
import { dialectByName } from '../dialects/index.ts';
import type { ProviderHost, ProviderSettings } from '../spec/index.ts';
import { createTransport, streamFrames } from '../transport/index.ts';

/** What the engine lends providers, for tests of one without an engine. */
export interface TestHost extends ProviderHost {
	/** Ends the connections that calls have opened. */
	close(): Promise<void>;
}

/** A host with the package's own dialects, catalog and transport. */
export function createTestHost(): TestHost {
	const transport = createTransport();
	return {
		catalogModels: (id) => loadCatalog().models(id),
		dialect: dialectByName,
		request: (call, timeouts, signal) => transport.request(call, timeouts, signal),
		stream: (call, dialect, timeouts, signal) => streamFrames(transport, call, dialect.framing, timeouts, signal),
		close: () => transport.close(),
	};
}

/** Settings as the config hands them over: named `mine` unless told otherwise, with time limits of seconds. */
export function testSettings(given: Partial<ProviderSettings> & { type: string }): ProviderSettings {
	const timeouts = { connect: 2000, headers: 5000, answer: 5000, firstToken: 5000, idle: 5000, total: 10_000 };
	return { name: 'mine', timeouts, models: [], headers: {}, options: {}, ...given };
}
