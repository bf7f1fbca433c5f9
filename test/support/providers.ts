import { loadCatalog } from '../../src/catalog/index.ts';
import { dialectByName } from '../../src/dialects/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import type {
	CallContext,
	ModelInfo,
	Provider,
	ProviderHost,
	ProviderSettings,
	Warning,
	WireEndpoint,
} from '../../src/spec/index.ts';
import { createTransport, streamFrames, type Transport } from '../../src/transport/index.ts';

/** Settings of a provider as the config hands them over, with limits that end a test that hangs. */
export function providerSettings(given: Partial<ProviderSettings> & { type: string }): ProviderSettings {
	const timeouts = { connect: 2000, headers: 5000, answer: 5000, firstToken: 5000, idle: 5000, total: 10_000 };
	return { name: 'mine', timeouts, models: [], headers: {}, options: {}, ...given };
}

/** A host over a real transport, and the transport to close. */
export interface TestHost extends ProviderHost {
	transport: Transport;
}

/** What the engine lends providers. @param rows catalog rows; default: the catalog's */
export function providerHost(rows?: readonly ModelInfo[]): TestHost {
	const transport = createTransport();
	return {
		transport,
		catalogModels: (id) => (rows === undefined ? loadCatalog().models(id) : [...rows]),
		dialect: dialectByName,
		request: (call, timeouts, signal) => transport.request(call, timeouts, signal),
		stream: (call, dialect, timeouts, signal) => streamFrames(transport, call, dialect.framing, timeouts, signal),
	};
}

/** A call's context that writes down the warnings it is told. */
export function callContext(signal: AbortSignal = new AbortController().signal): CallContext & { warnings: Warning[] } {
	const warnings: Warning[] = [];
	return { signal, requestId: 'test', warnings, warn: (warning) => warnings.push(warning) };
}

/** A provider of one of the types that ship. */
export function shipped(settings: Partial<ProviderSettings> & { type: string }, host: ProviderHost): Provider {
	return new ProviderRegistry(loadCatalog()).create(providerSettings(settings), host);
}

/** The wire of an OpenAI-compatible server. */
export function wireOf(settings: Partial<ProviderSettings>): WireEndpoint {
	const { wire } = shipped({ type: 'openai-compatible', ...settings }, providerHost());
	if (wire === undefined) throw new Error('no wire');
	return wire;
}
