import type { Exchange, Wire } from './exchange.ts';
import type { Flavor, SimulatorKind, SimulatorVendor } from './types.ts';
import type { Found, Refusal, Vendor, VendorContext } from './vendor.ts';

/** What all simulated vendors have in common: a name, the key they accept, and what they were made from. */
export abstract class SimulatedVendor implements Vendor {
	abstract readonly kind: SimulatorKind;
	abstract readonly models: readonly string[];
	abstract readonly wire: Wire;
	abstract readonly bodyLimit: number;
	readonly name: string;
	readonly apiKey: string;
	readonly flavor: Flavor = 'cloud';
	protected readonly context: VendorContext;

	/** @param prefix what its key begins with where none is given: `<prefix>-<name>` */
	constructor({ name, apiKey }: SimulatorVendor, context: VendorContext, prefix = 'sk') {
		this.name = name;
		this.apiKey = apiKey ?? `${prefix}-${name}`;
		this.context = context;
	}

	abstract endpoint(path: string): Found | undefined;

	abstract refuse(exchange: Exchange, reason: Refusal): void;

	/** Most keep nothing. */
	reset(): void {}
}

/** The bearer token of a request; undefined where it has none. */
export function bearerOf({ request }: Exchange): string | undefined {
	return /^Bearer\s+(.*)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
}
