import { anthropic } from './anthropic/index.ts';
import type { VendorDescriptor } from './descriptor.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';

/** Vendors with habits of their own, by catalog id. All others are their catalog row and nothing else. */
export const VENDORS: { readonly [catalogId: string]: Partial<VendorDescriptor> } = { anthropic, ollama, openai };
