import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../lib/clock.ts';
import { anthropicVendor, messagesHost } from './anthropic/index.ts';
import { azureVendor } from './azure/index.ts';
import { bedrockVendor } from './bedrock/index.ts';
import { cohereVendor } from './cohere/index.ts';
import { resetAll } from './core/admin.ts';
import { Bill } from './core/bill.ts';
import type { Controls } from './core/controls.ts';
import { FaultRegistry, type FaultRule, type NewFaultRule } from './core/faultrules.ts';
import type { BilledRequest, RunningSimulator, SimulatorKind, SimulatorVendor } from './core/types.ts';
import type { Vendor, VendorMaker } from './core/vendor.ts';
import { geminiVendor } from './gemini/index.ts';
import { ollamaVendor } from './ollama/index.ts';
import { openaiVendor } from './openai/index.ts';
import { replicateVendor } from './replicate/index.ts';
import { SimulatorServer } from './server.ts';
import { vectorVendor } from './vectors/index.ts';
import { vertexVendor } from './vertex/index.ts';
import { watsonxVendor } from './watsonx/index.ts';

export { curlLine } from './commandline.ts';
export type { Controls } from './core/controls.ts';
export type { FaultRule, NewFaultRule } from './core/faultrules.ts';
export { FAULTS } from './core/faults.ts';
export type { BilledRequest, BilledUsage, RunningSimulator, SimulatorKind, SimulatorVendor } from './core/types.ts';

/** The simulators of the demo: one of each kind of vendor. */
export const DEMO_VENDORS: readonly SimulatorVendor[] = [
	{ name: 'sim-openai', kind: 'openai' },
	{ name: 'sim-anthropic', kind: 'anthropic' },
	{ name: 'sim-local', kind: 'openai', flavor: 'local' },
];

/** What can be simulated under a name of the user's own. */
export const KINDS: { readonly [kind: string]: Omit<SimulatorVendor, 'name'> } = {
	openai: { kind: 'openai' },
	anthropic: { kind: 'anthropic' },
	local: { kind: 'openai', flavor: 'local' },
	gemini: { kind: 'gemini' },
	bedrock: { kind: 'bedrock' },
	ollama: { kind: 'ollama' },
	azure: { kind: 'azure' },
	cohere: { kind: 'cohere' },
	vertex: { kind: 'vertex' },
	watsonx: { kind: 'watsonx' },
	replicate: { kind: 'replicate' },
	jina: { kind: 'jina' },
	voyage: { kind: 'voyage' },
	mistral: { kind: 'openai', flavor: 'mistral' },
	deepseek: { kind: 'openai', flavor: 'deepseek' },
	groq: { kind: 'openai', flavor: 'groq' },
	xai: { kind: 'openai', flavor: 'xai' },
};

/** How to start simulators. */
export interface SimulatorOptions {
	/** Default 127.0.0.1. */
	host?: string;
	/** 0 (the default) for any free port. */
	port?: number;
	/** Default `DEMO_VENDORS`. */
	vendors?: readonly SimulatorVendor[];
	/** `natural`: as fast as a quick vendor, about 80 tokens/s; `instant` (the default): at once. */
	pace?: 'instant' | 'natural';
	/** Delivery of answers whose request says nothing of it; goes before `pace`. */
	defaults?: Controls;
	/** Whether repeated prompts are reported as cached; default true. Off, a prompt of megabytes costs less. */
	promptCache?: boolean;
	/** Rows of the bill to keep at least; default 100,000. */
	billRows?: number;
	/** Stamps answers; default the machine's. */
	clock?: Clock;
	/** What request ids are derived from; default the time of the start, so that two runs share none. */
	seed?: string;
}

/** Running simulators. */
export interface Simulators {
	/** `http://host:port`, without a final slash. */
	readonly url: string;
	/** `http://host:port/_sim`. */
	readonly adminUrl: string;
	readonly vendors: RunningSimulator[];
	/** Every request received since the start or the last reset, oldest first. */
	bill(): BilledRequest[];
	/** Adds a fault rule, as `POST /_sim/faults` does. */
	addFault(rule: NewFaultRule): FaultRule;
	/** Removes all fault rules. */
	clearFaults(): void;
	/** Forgets the bill, the fault rules, the prompt caches and the responses kept. */
	reset(): void;
	/** Stops; breaks open connections off. */
	close(): Promise<void>;
}

/** What `pace: natural` means. */
const NATURAL: Controls = { latencyMs: 120, tokensPerSecond: 80 };

const MAKERS: { [kind in SimulatorKind]: VendorMaker } = {
	openai: openaiVendor,
	anthropic: anthropicVendor,
	gemini: geminiVendor,
	bedrock: bedrockVendor(messagesHost),
	ollama: ollamaVendor(openaiVendor),
	azure: azureVendor({ openai: openaiVendor, anthropic: anthropicVendor }),
	cohere: cohereVendor,
	watsonx: watsonxVendor(openaiVendor),
	replicate: replicateVendor,
	vertex: vertexVendor({ gemini: geminiVendor, anthropic: anthropicVendor }),
	jina: vectorVendor('jina'),
	voyage: vectorVendor('voyage'),
};

function makeVendors(definitions: readonly SimulatorVendor[], clock: Clock, promptCache: boolean): Map<string, Vendor> {
	const vendors = new Map<string, Vendor>();
	for (const definition of definitions) {
		if (!/^[a-z0-9][a-z0-9._-]*$/i.test(definition.name)) throw new Error(`"${definition.name}" is no name for a simulator`);
		if (vendors.has(definition.name)) throw new Error(`two simulators are called "${definition.name}"`);
		vendors.set(definition.name, MAKERS[definition.kind](definition, { clock, promptCache }));
	}
	return vendors;
}

function runningOf(vendor: Vendor, url: string): RunningSimulator {
	const { name, kind, apiKey, keys, flavor, models, version = '/v1' } = vendor;
	const baseUrl = `${url}/${name}${version}`;
	const account = vendor.serviceAccount?.(baseUrl);
	const more = { ...(keys === undefined ? {} : { keys }), ...(account === undefined ? {} : { serviceAccount: account }) };
	return { name, kind, apiKey, ...more, flavor, models, baseUrl };
}

/**
 * Starts simulated vendors on one HTTP server, each under its name: `http://127.0.0.1:<port>/sim-openai/v1`. Rejects with the
 * system's error where the port is taken (`EADDRINUSE`).
 */
export async function startSimulators(options: SimulatorOptions = {}): Promise<Simulators> {
	const { host = '127.0.0.1', port = 0, clock = systemClock } = options;
	const vendors = makeVendors(options.vendors ?? DEMO_VENDORS, clock, options.promptCache ?? true);
	const parts = {
		vendors,
		bill: new Bill(options.billRows ?? 100_000),
		faults: new FaultRegistry(),
		defaults: { ...(options.pace === 'natural' ? NATURAL : {}), ...options.defaults },
		clock,
		seed: options.seed ?? String(clock.now()),
	};
	const server = new SimulatorServer(parts).create();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host, port, backlog: 4096 }, resolve);
	});
	const bound = (server.address() as AddressInfo).port;
	const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
	return {
		url,
		adminUrl: `${url}/_sim`,
		vendors: [...vendors.values()].map((vendor) => runningOf(vendor, url)),
		bill: () => parts.bill.rows(),
		addFault: (rule) => parts.faults.add(rule),
		clearFaults: () => parts.faults.clear(),
		reset: () => resetAll(parts),
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
