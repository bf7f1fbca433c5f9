import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Relais } from '../engine/index.ts';
import { uuidv7 } from '../lib/ids.ts';
import type { Principal } from '../policy/auth/index.ts';
import { type Plan, plan, type RoutedRequest, type RoutingTable, wireOf } from '../router/index.ts';
import { type JsonObject, type Operation, RelaisError, type RequestSketch } from '../spec/index.ts';
import { admit } from './admission.ts';
import { parseBody } from './body.ts';
import { listedModel } from './models.ts';
import { countOpen } from './open-answers.ts';
import { RawReply } from './reply.ts';
import { idHeaders, send, sendError } from './send.ts';
import {
	type Fitted,
	type Incoming,
	type ModelVerb,
	type Prepared,
	passedHeaders,
	type Query,
	type ServedSurface,
	type Surface,
} from './surfaces/index.ts';
import type { ReceivedTask, TaskForm } from './tasks/index.ts';

/** What hot routes share. */
export interface HotRouteHost {
	readonly relais: Relais;
	/** How long a client may take nothing of what waits for it, in ms. */
	readonly stallLimitMs: number;
	/** True once the server no longer takes requests. */
	draining: boolean;
	/** Answers of which a part may not be with the client yet. */
	open: number;
}

/** What an address says of a request, where it says more than which operation is meant. */
export interface Addressed {
	model: string;
	verb: ModelVerb;
	query: Query;
}

/** Serves one request of a surface on the raw request and response. Never throws. */
export function serveHot(
	host: HotRouteHost,
	surface: ServedSurface,
	operation: Operation,
	request: IncomingMessage,
	response: ServerResponse,
	raw: Buffer,
	addressed?: Addressed,
): void {
	const id = uuidv7();
	try {
		const { relais } = host;
		const { keys, config } = relais.state;
		if (host.draining)
			throw new RelaisError('shutting_down', 'Relais is shutting down. Try again in a moment.', { retryAfterMs: 1000 });
		const principal = admit(keys, request.headers, surface, request.url);
		const body = parseBody(raw, config.server.maxDepth);
		if (isAnsweredAtOnce(host, surface, principal, body, id, response)) return;
		const incoming = { id, relais, operation, principal, body, raw, headers: request.headers, addressed };
		const prepared = taskOf(surface, addressed) === undefined ? surface.prepare?.(incoming) : undefined;
		if (prepared instanceof Promise) {
			// Under way already, for a server that drains.
			host.open++;
			prepared
				.then((late) => takeOn(host, surface, incoming, response, late))
				.catch((error: unknown) => sendError(host, surface, error, id, response))
				.finally(() => host.open--);
		} else takeOn(host, surface, incoming, response, prepared);
	} catch (error) {
		sendError(host, surface, error, id, response);
	}
}

/** Answers what asks nothing of the model, if the one the answer names is one that the sender may use. */
function isAnsweredAtOnce(
	{ relais }: HotRouteHost,
	surface: ServedSurface,
	principal: Principal,
	body: JsonObject,
	id: string,
	response: ServerResponse,
): boolean {
	const ready = surface.atOnce?.(body, new Date());
	if (ready === undefined) return false;
	const { table } = relais.state;
	listedModel(table, principal, nameOf(surface, String(ready.model), table));
	send(response, 200, idHeaders(surface, id), ready);
	return true;
}

interface Arrival extends Incoming {
	readonly id: string;
	readonly headers: IncomingHttpHeaders;
	readonly addressed: Addressed | undefined;
}

/** Plans a request and begins to answer it. Throws why it cannot be. */
function takeOn(
	host: HotRouteHost,
	surface: ServedSurface,
	arrival: Arrival,
	response: ServerResponse,
	prepared: Prepared | undefined,
): void {
	const { id, relais, operation, principal, headers, raw, addressed } = arrival;
	// It may have left while its conversation was looked up.
	if (response.destroyed) return;
	const { table } = relais.state;
	const body = prepared === undefined ? arrival.body : prepared.body;
	const received = taskOf(surface, addressed)?.(addressed === undefined ? body : { ...body, model: addressed.model }, table);
	let sketch = received?.sketch ?? sketched(surface, body, addressed);
	if (prepared?.foreign === true) sketch = { ...sketch, foreign: true };
	if (surface.modelName !== undefined) sketch.model = nameOf(surface, sketch.model, table);
	const planned = plan(sketch, table, principal, operation);
	const { dialect } = surface;
	const reply = new RawReply(response, host.stallLimitMs, surface.requestIdHeader, id, dialect.streamCharset);
	const reframe = addressed?.verb.reframe?.(addressed.query);
	const sink = reframe === undefined ? reply : reframe(reply);
	const clientHeaders = passedHeaders(surface, headers);
	const usual = { id, surface: dialect, operation, body, raw, sketch, clientHeaders, plan: planned, sink };
	const request = received === undefined && prepared === undefined ? usual : { ...usual, ...extras(received, prepared, planned) };
	if (operation === 'count_tokens') count(host, surface, request, principal, response);
	else start(host, request, principal, response);
}

type Extras = Partial<Fitted & Pick<RoutedRequest, 'task' | 'asked' | 'onAnswer'>>;

/** What the usual chat does not have: a task to carry out, or a conversation that the surface keeps, once it is known where that may go. */
function extras(received: ReceivedTask | undefined, prepared: Prepared | undefined, planned: Plan): Extras {
	if (received !== undefined) return { task: received.task };
	if (prepared === undefined) return {};
	const { asked, onAnswer } = prepared;
	return { ...prepared.fit(planned), asked, ...(onAnswer === undefined ? {} : { onAnswer }) };
}

/** The name that is meant by what a client of the surface wrote. */
export function nameOf(surface: Surface, name: string, table: RoutingTable): string {
	return surface.modelName?.(name, (known) => table.isKnown(known)) ?? name;
}

/** How the body is read, where no chat is meant. */
function taskOf(surface: ServedSurface, addressed: Addressed | undefined): TaskForm | undefined {
	return addressed === undefined ? surface.task : addressed.verb.task;
}

/** Adds to the body what the dialect looks for there and the client has said in the address. The body's own bytes stay as they are. */
function sketched({ dialect }: Surface, body: JsonObject, addressed: Addressed | undefined): RequestSketch {
	if (addressed === undefined) return dialect.sketch(body);
	const { model, verb } = addressed;
	body.model = model;
	body.stream = verb.stream;
	const inner = verb.unwrap?.(body) ?? body;
	const sketch = dialect.sketch(inner);
	// Its inner model bears the client's name for it.
	return inner === body ? sketch : { ...sketch, foreign: true };
}

function start(host: HotRouteHost, request: RoutedRequest, principal: Principal, response: ServerResponse): void {
	countOpen(host, response, host.relais.start(request, principal));
}

/** Asks the targets that can count tokens; where none can, Relais estimates. */
function count(
	host: HotRouteHost,
	surface: Surface,
	request: RoutedRequest,
	principal: Principal,
	response: ServerResponse,
): void {
	const { plan: planned, sketch } = request;
	const targets = planned.targets.filter(({ provider, model }) => {
		const wire = wireOf(provider, model, surface.dialect);
		return wire?.dialect.counting !== undefined && wire.supports('count_tokens');
	});
	if (targets.length === 0) estimate(surface, request, response);
	else start(host, { ...request, sketch: { ...sketch, stream: false }, plan: { ...planned, targets } }, principal, response);
}

/** No target counts tokens: Relais estimates, and says so. */
function estimate(surface: Surface, { id, body, sketch }: RoutedRequest, response: ServerResponse): void {
	const { dialect } = surface;
	// The estimate is worth no more than the request: an invalid one is refused as the vendor would.
	dialect.counting?.decodeRequest(body);
	const answer = dialect.counting?.encodeAnswer(sketch.inputTokens) ?? {};
	const [path = ''] = Object.keys(answer);
	const warning = { kind: 'approximated', path, message: 'estimated: no target of this model counts tokens' };
	send(response, 200, { ...idHeaders(surface, id), 'x-relais-warnings': JSON.stringify([warning]) }, answer);
}
