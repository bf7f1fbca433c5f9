import type { Clock } from '../../lib/clock.ts';
import type { Exchange, Wire } from './exchange.ts';
import type { Flavor, Problem, ServiceAccount, SigningKeys, SimulatorKind, SimulatorVendor } from './types.ts';

/** A call of an endpoint. */
export interface Call {
	exchange: Exchange;
	/** The request's body; empty for GET. */
	bytes: Buffer;
	/** What of the path the endpoint's own path leaves: the id in `/v1/models/<id>`. */
	rest: string;
	query: URLSearchParams;
	/**
	 * Settles the controls (`suffix`: those written behind the model's name), waits, plays faults. Returns true where nothing is left
	 * to answer. Every endpoint calls it before it looks closer at the request.
	 */
	begin(model: string | null, suffix: string): Promise<boolean>;
}

/** One endpoint of a vendor. */
export interface Endpoint {
	/** As fault rules name it; `responses`: those that are kept. */
	name: 'chat' | 'completions' | 'count_tokens' | 'models' | 'embeddings' | 'moderations' | 'rerank' | 'responses' | 'token';
	/** HTTP methods it takes. */
	methods: readonly ('GET' | 'POST' | 'DELETE')[];
	/** Headers and errors where they are not the vendor's usual ones. */
	wire?: Wire;
	answer(call: Call): Promise<void>;
}

/** The endpoint a path leads to, and what the path holds beyond it. */
export interface Found {
	endpoint: Endpoint;
	rest: string;
}

/** A simulated vendor: its protocol and its state. */
export interface Vendor {
	readonly name: string;
	readonly kind: SimulatorKind;
	readonly apiKey: string;
	readonly keys?: SigningKeys;
	/** The file of its account, where tokens are bought with one. */
	serviceAccount?(baseUrl: string): ServiceAccount;
	readonly flavor: Flavor;
	/** Ids of the models that answer chat requests. */
	readonly models: readonly string[];
	/** What its paths begin with; default `/v1`. */
	readonly version?: string;
	readonly wire: Wire;
	/** Greatest body in bytes. */
	readonly bodyLimit: number;
	/** The endpoint at a path (`/v1/...`), and what the path holds beyond it; undefined where there is none. */
	endpoint(path: string): Found | undefined;
	/** Answers a path that does not exist, a method that is not allowed, a body that is too large. */
	refuse(exchange: Exchange, reason: Refusal): void;
	/** Forgets the prompt cache and whatever else is kept. */
	reset(): void;
}

/** Why a request is refused before its body is looked at. */
export type Refusal = 'no_path' | 'wrong_method' | 'too_large';

/** What a vendor is made from. */
export interface VendorContext {
	clock: Clock;
	/** Whether repeated prompts are reported as cached. */
	promptCache: boolean;
	/** Checks the caller in the vendor's place, where another cloud hosts it: what is wrong with the key. */
	access?: (exchange: Exchange) => Problem | undefined;
}

/** Makes a vendor of one kind. */
export type VendorMaker = (definition: SimulatorVendor, context: VendorContext) => Vendor;
