import { loadCatalog } from '../../src/catalog/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import type { CallContext, Provider, ProviderHost, ProviderSettings, Warning, WireEndpoint } from '../../src/spec/index.ts';
import { createTestHost, testSettings } from '../../src/testing/index.ts';

/** A call's context that writes down the warnings it is told. */
export function callContext(signal: AbortSignal = new AbortController().signal): CallContext & { warnings: Warning[] } {
	const warnings: Warning[] = [];
	return { signal, requestId: 'test', warnings, warn: (warning) => warnings.push(warning) };
}

/** A provider of one of the types that ship. */
export function shipped(settings: Partial<ProviderSettings> & { type: string }, host: ProviderHost): Provider {
	return new ProviderRegistry(loadCatalog()).create(testSettings(settings), host);
}

/** The wire of an OpenAI-compatible server. */
export function wireOf(settings: Partial<ProviderSettings>): WireEndpoint {
	const { wire } = shipped({ type: 'openai-compatible', ...settings }, createTestHost());
	if (wire === undefined) throw new Error('no wire');
	return wire;
}
