import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelaisError } from '../spec/index.ts';
import type { HotRouteHost } from './hot-route.ts';
import { fail, pathOf, spokenBy } from './plain-route.ts';
import { SURFACES, type Surface } from './surfaces/index.ts';

/** An address that is served. */
interface Served {
	method: string;
	/** As routes state it. */
	path: string;
	pattern: RegExp;
	surface: Surface | undefined;
}

function served(method: string, path: string, surface?: Surface): Served {
	const source = path
		.split('/')
		.map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.+' : part.replaceAll('.', '\\.')))
		.join('/');
	return { method, path, pattern: new RegExp(`^${source}$`), surface };
}

const SERVED: readonly Served[] = [
	...SURFACES.flatMap((surface) => [
		...surface.endpoints.map(({ path }) => served('POST', path, surface)),
		...(surface.modelEndpoints ?? []).map(({ path }) => served('POST', path, surface)),
		...(surface.routes ?? []).map(({ method, path }) => served(method, path, surface)),
	]),
	...['/v1/models', '/v1/models/*', '/healthz', '/readyz'].map((path) => served('GET', path)),
];

/** A path that is not served, or not by this method. */
export function answerUnserved(host: HotRouteHost, request: FastifyRequest, reply: FastifyReply): void {
	const path = pathOf(request).slice(0, 200);
	const surface = spokenBy(request);
	const methods = [...new Set(SERVED.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
	if (methods.length > 0) {
		reply.header('allow', methods.join(', '));
		const error = new RelaisError('method_not_allowed', `${path} takes ${methods.join(' and ')}, not ${request.method}.`);
		fail(host, surface, error, reply);
		return;
	}
	const near = SERVED.filter((each) => each.surface === undefined || each.surface === surface);
	const list = near.map((each) => `${each.method} ${each.path}`).join(', ');
	const error = new RelaisError('not_found', `There is no ${request.method} ${path} here. Relais serves ${list}, among others.`);
	fail(host, surface, error, reply);
}
