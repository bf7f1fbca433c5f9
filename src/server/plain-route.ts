import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '../lib/ids.ts';
import type { JsonObject } from '../spec/index.ts';
import { admit } from './admission.ts';
import { parseBody } from './body.ts';
import { type HotRouteHost, nameOf } from './hot-route.ts';
import { listedModel, listedModels } from './models.ts';
import { countOpen } from './open-answers.ts';
import { sendError } from './send.ts';
import { type PlainAnswer, type Query, type Question, type Surface, surfaceOf } from './surfaces/index.ts';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** The surface a route belongs to: its form is that of the route's errors. */
		surface?: Surface;
	}
}

/**
 * Answers a request off the hot path in one piece of JSON, errors in the surface's own form.
 * @param more places of the path that the router does not know of
 */
export function answerPlainly(
	host: HotRouteHost,
	surface: Surface,
	answer: PlainAnswer,
	request: FastifyRequest,
	reply: FastifyReply,
	more: { [place: string]: string } = {},
): void {
	const id = uuidv7();
	const send = (body: JsonObject): void => {
		reply.header('x-relais-request-id', id).header(surface.requestIdHeader, id).send(body);
	};
	try {
		const given = answer(questionOf(host, surface, request, id, more));
		if (!(given instanceof Promise)) {
			send(given);
			return;
		}
		countOpen(host, reply.raw);
		given.then(send).catch((error: unknown) => fail(host, surface, error, reply, id));
	} catch (error) {
		fail(host, surface, error, reply, id);
	}
}

/** Throws `unauthorized` and what is wrong with the body. */
function questionOf(
	{ relais }: HotRouteHost,
	surface: Surface,
	request: FastifyRequest,
	id: string,
	more: { [place: string]: string },
): Question {
	const { keys, table, config } = relais.state;
	const { headers, url, query, params } = request;
	const principal = admit(keys, headers, surface, url);
	const body = Buffer.isBuffer(request.body) ? parseBody(request.body, config.server.maxDepth) : {};
	return {
		relais,
		principal,
		id,
		params: { ...(params as object), ...more },
		query: query as Query,
		headers,
		body,
		models: () => listedModels(table, principal, relais.now),
		model: (name) => listedModel(table, principal, nameOf(surface, name, table)),
	};
}

/** `GET /v1/models`, which several surfaces share, each with a form of its own. Model names may hold slashes. */
export function mountModels(app: FastifyInstance, host: HotRouteHost): void {
	app.get('/v1/models', (request, reply) => {
		const surface = withModels(spokenBy(request));
		answerPlainly(host, surface, ({ models, query }) => surface.modelList(models(), query), request, reply);
	});
	app.get('/v1/models/*', (request, reply) => {
		const surface = withModels(spokenBy(request));
		answerPlainly(host, surface, ({ model, params }) => surface.modelRow(model(params['*'] ?? '')), request, reply);
	});
}

/** Only surfaces with a form of the list share its path. */
function withModels(surface: Surface): Surface & Required<Pick<Surface, 'modelList' | 'modelRow'>> {
	const { modelList, modelRow } = surface;
	if (modelList === undefined || modelRow === undefined) throw new Error('a surface without a list of models');
	return { ...surface, modelList, modelRow };
}

/** The surface whose form a request is to be answered in. */
export function spokenBy(request: FastifyRequest): Surface {
	return request.routeOptions.config?.surface ?? surfaceOf(pathOf(request), request.headers);
}

/** The path of a request as routes state it, without query and closing slash. */
export function pathOf({ url }: FastifyRequest): string {
	const path = url.split('?', 1)[0] ?? '';
	return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Hands the reply over to the same writer the hot routes use. */
export function fail(host: HotRouteHost, surface: Surface, error: unknown, reply: FastifyReply, id = uuidv7()): void {
	for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
	reply.hijack();
	sendError(host, surface, error, id, reply.raw);
}
