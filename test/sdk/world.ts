import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type BilledRequest, type Simulators, type SimulatorVendor, startSimulators } from '../../src/simulators/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import type { Answer, ClientOptions } from './neutral.ts';
import { CHIEF, type Vendor } from './vendors.ts';

/** The simulated vendors with a Relais before them. */
export interface World {
	readonly simulators: Simulators;
	readonly gateway: Gateway;
	/** What a client needs to reach Relais. */
	readonly access: ClientOptions;
	/** The bill's row of an answer; of a vendor that names no requests in its headers: its latest, when it is first asked for. */
	billed(headers: Headers): BilledRequest;
}

/** Name of the provider that has the vendor's address and a wrong key. */
export function locked(vendor: Vendor): string {
	return `${vendor.name}-locked`;
}

/** Name of the provider that gives the vendor little time. */
export function hasty(vendor: Vendor): string {
	return `${vendor.name}-hasty`;
}

/** Name of the route that tries the vendor, which is overloaded, and then the next of the table. */
export function failover(vendor: Vendor): string {
	return `${vendor.name}-or-another`;
}

/** The vendor that answers in its place: the next of the chief ones, the first for all others. */
export function standIn(vendor: Vendor): Vendor {
	const next = CHIEF[(CHIEF.findIndex(({ name }) => name === vendor.name) + 1) % CHIEF.length];
	if (next === undefined) throw new Error('there are no vendors');
	return next;
}

function routeOf(vendor: Vendor): object {
	const next = standIn(vendor);
	const targets = [{ model: `${vendor.name}/${vendor.plain}#529` }, { model: `${next.name}/${next.plain}` }];
	return { name: failover(vendor), targets };
}

/** A provider whose address nobody answers at. */
export const UNREACHABLE = 'nobody';

/** A key that may use nothing of the matrix. */
export const NARROW_KEY = 'rk-narrow-0123456789';

/** Greatest request body the gateway takes, in bytes. */
export const BODY_LIMIT = 2_000_000;

/** The provider that stands for a vendor in the config. `url`: where the simulators are. */
export function providerOf(vendor: Vendor, url: string): { name: string; [setting: string]: unknown } {
	const { name, type, path, plain, thinkers, needsKey } = vendor;
	const settings = vendor.settings ?? (needsKey ? { api_key: `sk-${name}` } : {});
	const models = needsKey ? {} : { models: [plain, ...thinkers.map(({ model }) => model)] };
	return { name, type, base_url: `${url}/${name}${path}`, ...models, ...settings };
}

function providersOf(vendor: Vendor, url: string): object[] {
	const provider = providerOf(vendor, url);
	const limits = { headers: '250ms', answer: '250ms', first_token: '250ms', idle: '150ms', total: '5s' };
	const wrong = vendor.locked ?? { ...vendor.settings, api_key: 'sk-wrong-key-0123456789' };
	return [
		provider,
		{ ...provider, ...wrong, name: locked(vendor), priority: 90, models: ['locked'] },
		{ ...provider, name: hasty(vendor), priority: 91, timeouts: limits, models: ['hasty'] },
	];
}

/** The simulators of these vendors. */
export function simulatorsOf(vendors: readonly Vendor[]): SimulatorVendor[] {
	return vendors.map(({ name, simulator }) => ({ ...simulator, name }));
}

/** Starts a world of these vendors before a file's tests; each test finds the bill and the faults wiped. */
export function world(vendors: readonly Vendor[]): World {
	const rows = new WeakMap<Headers, BilledRequest>();
	let started: { simulators: Simulators; gateway: Gateway } | undefined;
	const get = (): { simulators: Simulators; gateway: Gateway } => {
		if (started === undefined) throw new Error('the world starts with the first test');
		return started;
	};
	beforeAll(async () => {
		const simulators = await startSimulators({ seed: 'sdk', vendors: simulatorsOf(vendors) });
		const nobody = { name: UNREACHABLE, type: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1', models: ['nothing'] };
		const providers = [...vendors.flatMap((vendor) => providersOf(vendor, simulators.url)), { ...nobody, priority: 99 }];
		const keys = [
			{ name: 'test', key: TEST_KEY },
			{ name: 'narrow', key: NARROW_KEY, models: ['nothing-*'] },
		];
		const config = { server: { body_limit: BODY_LIMIT }, routing: { retries: 0 }, providers, keys, routes: vendors.map(routeOf) };
		started = { simulators, gateway: await startGateway({ config }) };
	});
	beforeEach(() => get().simulators.reset());
	afterAll(async () => {
		await started?.gateway.close();
		await started?.simulators.close();
	});
	return {
		get simulators() {
			return get().simulators;
		},
		get gateway() {
			return get().gateway;
		},
		get access() {
			return { url: get().gateway.url, apiKey: TEST_KEY };
		},
		billed(headers) {
			const known = rows.get(headers);
			if (known !== undefined) return known;
			const id = headers.get('x-relais-upstream-request-id');
			const vendor = headers.get('x-relais-provider');
			const row = get()
				.simulators.bill()
				.findLast((each) => (id === null ? each.vendor === vendor : each.requestId === id));
			if (row === undefined) throw new Error(`the bill has no request ${id}`);
			rows.set(headers, row);
			return row;
		},
	};
}

/** Waits until a condition holds: for what happens on the other side of a socket. Fails after two seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
	const until = Date.now() + 2000;
	while (!holds()) {
		if (Date.now() > until) throw new Error('what was waited for did not happen');
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** The simulator's words for who answers. */
export function opening(vendor: Vendor, model: string): string {
	return `Simulated answer from ${vendor.name} (model ${model}):`;
}

/** Paths of an answer's warnings. */
export function warned(answer: Answer): string[] {
	return answer.warnings.map((warning) => warning.path);
}
