import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '../lib/ids.ts';
import { type Operation, RelaisError } from '../spec/index.ts';
import { admit } from './admission.ts';
import { type Addressed, type HotRouteHost, serveHot } from './hot-route.ts';
import { answerPlainly, fail } from './plain-route.ts';
import { sendError } from './send.ts';
import type { ModelEndpoint, PlainAnswer, Query, ServedSurface, Surface } from './surfaces/index.ts';

/** Serves everything a surface has. */
export function mountSurface(app: FastifyInstance, surface: Surface, host: HotRouteHost): void {
	for (const { path, operation, dialect, task, atOnce } of surface.endpoints) {
		// One object an endpoint, made here: the hot path asks for nothing but its surface.
		const served: ServedSurface = {
			...surface,
			dialect: dialect ?? surface.dialect,
			...(task === undefined ? {} : { task }),
			...(atOnce === undefined ? {} : { atOnce }),
		};
		app.post(path, optionsFor(served, host), (request, reply) => serveRaw(host, served, operation, request, reply));
	}
	for (const endpoint of surface.modelEndpoints ?? []) {
		app.post(endpoint.path, optionsFor(surface, host), (request, reply) => {
			serveModel(host, surface, endpoint, request, reply);
		});
	}
	for (const { method, path, answer } of surface.routes ?? []) {
		app.route({
			method,
			url: path,
			...optionsFor(surface, host),
			handler: (request, reply) => answerPlainly(host, surface, answer, request, reply),
		});
	}
}

/** Route options: who answers its errors, and a look at the sender of a large body before it is taken in. */
function optionsFor(surface: Surface, host: HotRouteHost) {
	return { config: { surface }, onRequest: strangersGuard(host, () => surface) };
}

type Guard = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Looks at the sender of a large body before it is taken in. @param takes where keys may stand, if not where the surface says */
export function strangersGuard(
	host: HotRouteHost,
	surfaceOf: (request: FastifyRequest) => Surface,
	takes?: Pick<Surface, 'keyParameter'>,
): Guard {
	return (request, reply, done) => {
		if (isSmall(request)) {
			done();
			return;
		}
		const surface = surfaceOf(request);
		const error = strangersError(host, takes ?? surface, request);
		if (error === undefined) {
			done();
			return;
		}
		reply.header('connection', 'close');
		fail(host, surface, error, reply);
	};
}

const EMPTY = Buffer.alloc(0);

function serveRaw(
	host: HotRouteHost,
	surface: ServedSurface,
	operation: Operation,
	request: FastifyRequest,
	reply: FastifyReply,
	addressed?: Addressed,
): void {
	reply.hijack();
	const encoding = request.headers['content-encoding'];
	const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
	if (encoding === undefined || encoding === 'identity') {
		serveHot(host, surface, operation, request.raw, reply.raw, body, addressed);
		return;
	}
	const error = new RelaisError(
		'unsupported_media_type',
		`Request bodies must not be compressed (content-encoding: ${encoding}).`,
	);
	sendError(host, surface, error, uuidv7(), reply.raw);
}

/** Takes an address apart into model and verb. The verb is the last word: model names may hold any separator. */
function serveModel(
	host: HotRouteHost,
	surface: Surface,
	{ separator, verbs }: ModelEndpoint,
	request: FastifyRequest,
	reply: FastifyReply,
): void {
	const { '*': rest = '', publisher, provider } = request.params as { [place: string]: string | undefined };
	const cut = rest.lastIndexOf(separator);
	const word = rest.slice(cut + 1);
	const verb = cut > 0 && Object.hasOwn(verbs, word) ? verbs[word] : undefined;
	if (verb === undefined) {
		answerPlainly(host, surface, unknownVerb(rest, separator, verbs), request, reply);
		return;
	}
	const name = rest.slice(0, cut);
	const model = provider === undefined ? modelAt(host, name, publisher) : `${provider}/${name}`;
	if (typeof verb === 'function') answerPlainly(host, surface, verb, request, reply, { model });
	else serveRaw(host, surface, verb.operation, request, reply, { model, verb, query: request.query as Query });
}

/** Clients that file models under publishers take the first half of `provider/model` for one. */
function modelAt({ relais }: HotRouteHost, model: string, publisher: string | undefined): string {
	const pinned = `${publisher}/${model}`;
	return publisher !== undefined && relais.state.table.isKnown(pinned) ? pinned : model;
}

/** Says what there is, to those whose key is known. */
function unknownVerb(rest: string, separator: string, verbs: ModelEndpoint['verbs']): PlainAnswer {
	return () => {
		const taken = Object.keys(verbs).map((verb) => `{model}${separator}${verb}`);
		throw new RelaisError('not_found', `"${rest.slice(0, 200)}" is not served. This address takes ${taken.join(', ')}.`);
	};
}

/** Up to this size, in bytes, a body is read before its sender's key is looked at, which spares the usual request a second look. */
const SMALL_BODY = 64 * 1024;

/** Whether a body is announced to be small. Others are not taken in from strangers. */
function isSmall({ headers }: FastifyRequest): boolean {
	return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= SMALL_BODY;
}

/** Why the sender of a request may not send it; undefined where it may. */
function strangersError(host: HotRouteHost, surface: Pick<Surface, 'keyParameter'>, { headers, url }: FastifyRequest): unknown {
	try {
		admit(host.relais.state.keys, headers, surface, url);
		return undefined;
	} catch (error) {
		return error;
	}
}
