import type { VendorDescriptor } from '../descriptor.ts';

/** A local Ollama server, spoken to through its OpenAI-compatible API, which lies under `/v1` of the address users know. */
export const ollama: Partial<VendorDescriptor> = {
	adaptBaseUrl: (url) => `${url.replace(/\/+$/, '').replace(/\/(v1|api)$/, '')}/v1`,
};
