import type { IncomingHttpHeaders } from 'node:http';
import type { Relais } from '../../engine/index.ts';
import type { Principal } from '../../policy/auth/index.ts';
import type { Plan, ReplySink } from '../../router/index.ts';
import type { ClientHeaders, Dialect, JsonObject, ModelInfo, Operation } from '../../spec/index.ts';
import type { TaskForm } from '../tasks/index.ts';

/** A name a client may ask for, as model lists show it. */
export interface ListedModel {
	id: string;
	title: string;
	/** Whether it is a route of the config's. */
	route: boolean;
	/** Names of the providers that serve it, best first. */
	providers: readonly string[];
	/** Unix time in seconds of its release; 0 when not known. */
	created: number;
	/** What is known of the model, or of a route's first one. */
	info: ModelInfo | undefined;
}

/** Query parameters of a request. */
export interface Query {
	readonly [name: string]: unknown;
}

/** What a request to a plain route asks, its sender admitted. */
export interface Question {
	readonly relais: Relais;
	readonly principal: Principal;
	/** Id the answer will bear. */
	readonly id: string;
	/** What stands in the path's places, decoded; `*` for the rest. */
	readonly params: { readonly [place: string]: string | undefined };
	readonly query: Query;
	readonly headers: IncomingHttpHeaders;
	/** Empty where the method has none. */
	readonly body: JsonObject;
	/** Names the sender may ask for. */
	models(): ListedModel[];
	/** One of them, pinned ones included. Throws `model_not_found`. */
	model(name: string): ListedModel;
}

/** What is answered in one piece, from what Relais knows or can find out. Throws `RelaisError`. */
export type PlainAnswer = (question: Question) => JsonObject | Promise<JsonObject>;

/** An address that is not on the hot path. `*` at its end stands for the rest of it. */
export interface PlainRoute {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly path: string;
	readonly answer: PlainAnswer;
}

/** Changes an answer's bytes on their way to the client: another framing than the dialect's own. */
export type Reframe = (sink: ReplySink) => ReplySink;

/** Requests to one address, all for the same operation; the body tells the rest. */
export interface Endpoint {
	readonly path: string;
	readonly operation: Operation;
	/** Where it is not the surface's. */
	readonly dialect?: Dialect;
	/** For what is no chat. */
	readonly task?: TaskForm;
	/** The answer to a request that asks nothing of the model, only of the server that holds it; undefined for all others. */
	readonly atOnce?: (body: JsonObject, now: Date) => JsonObject | undefined;
}

/** What is asked of the model an address names. `stream` goes into the body, where the dialect looks for it (`modelInPath`). */
export interface ModelVerb {
	readonly operation: Operation;
	readonly stream: boolean;
	/** For what is no chat. */
	readonly task?: TaskForm;
	/** The form a client's query asks for; undefined: the dialect's own. */
	reframe?(query: Query): Reframe | undefined;
	/** The body as the dialect's sketch takes it, where that is a part of it. Bodies of another form do not pass through. */
	unwrap?(body: JsonObject): JsonObject;
}

/** Addresses that say which model is meant and what of it, as in `{model}:{verb}`. Model names may hold slashes. */
export interface ModelEndpoint {
	/** Ends in `*`. */
	readonly path: string;
	/** What stands between model and verb. */
	readonly separator: string;
	readonly verbs: { readonly [verb: string]: ModelVerb | PlainAnswer };
}

/** A request whose body has been read and whose sender is known. */
export interface Incoming {
	readonly relais: Relais;
	readonly principal: Principal;
	readonly operation: Operation;
	readonly body: JsonObject;
	readonly raw: Buffer;
}

/** A request's body and where it may go. */
export interface Fitted {
	plan: Plan;
	body: JsonObject;
	/** The body's own bytes. */
	raw: Buffer;
}

/** A request of a surface that keeps something of earlier ones. */
export interface Prepared {
	/** The body, with what was kept. */
	readonly body: JsonObject;
	/** True where it is not the client's own any more: its bytes cannot pass through. */
	readonly foreign: boolean;
	/** The body as the client sent it, for answers that repeat it. */
	readonly asked: JsonObject;
	readonly onAnswer?: (answer: JsonObject) => void;
	/** Fits body and plan to each other. Throws where the request can go to none of its targets. */
	fit(plan: Plan): Fitted;
}

/** A dialect facing clients: where it is served and what it expects around the body. */
export interface Surface {
	readonly dialect: Dialect;
	/** Header in which clients of this dialect look for the request's id. */
	readonly requestIdHeader: string;
	/** Request headers that belong to the dialect and may concern the provider. */
	readonly passedHeaders: readonly string[];
	readonly endpoints: readonly Endpoint[];
	readonly modelEndpoints?: readonly ModelEndpoint[];
	readonly routes?: readonly PlainRoute[];
	/** Looks up what the surface keeps of earlier requests. */
	prepare?(incoming: Incoming): Prepared | Promise<Prepared>;
	/** Beginnings of the paths that are this surface's alone, for those that are not served. */
	readonly territory?: RegExp;
	/** Headers only clients of this dialect send; they tell whose form to answer in where surfaces share a path. */
	readonly markers?: readonly string[];
	/** Query parameter in which clients may send their key. */
	readonly keyParameter?: string;
	/** The name that is meant, where clients of this dialect have ways of their own to write one. */
	modelName?(name: string, isKnown: (name: string) => boolean): string;
	/** `GET /v1/models`, a page of it where the dialect pages. Throws `invalid_request` for a page that cannot be. */
	modelList?(models: readonly ListedModel[], query: Query): JsonObject;
	/** `GET /v1/models/{id}` */
	modelRow?(model: ListedModel): JsonObject;
}

/** A surface as one of its endpoints shows it. */
export interface ServedSurface extends Surface {
	readonly task?: Endpoint['task'];
	readonly atOnce?: Endpoint['atOnce'];
}

/** The client's headers that concern the dialect. */
export function passedHeaders(surface: Surface, headers: IncomingHttpHeaders): ClientHeaders {
	let passed: { [name: string]: string } | undefined;
	for (const name of surface.passedHeaders) {
		const value = headers[name];
		if (typeof value !== 'string') continue;
		passed ??= {};
		passed[name] = value;
	}
	return passed ?? NONE;
}

const NONE: ClientHeaders = {};
