import type { FastifyReply, FastifyRequest } from 'fastify';
import { nearest } from '../lib/nearest.ts';
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
	...['/v1/models', '/v1/models/*', '/api/v1/capabilities', '/healthz', '/readyz'].map((path) => served('GET', path)),
];

/** The provider's own API lies behind, whatever its paths are. */
const NATIVE = '/{provider}/native/{path of its API}';

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
	const own = SERVED.filter((each) => each.surface === undefined || each.surface === surface);
	const list = own.map((each) => `${each.method} ${each.path}`).join(', ');
	const [meant] = meantBy(path);
	const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
	const text = `There is no ${request.method} ${path} here.${hint} Relais serves ${list}, ${NATIVE}, among others.`;
	fail(host, surface, new RelaisError('not_found', text), reply);
}

/** What a mistyped path was to be: base URLs are given with a part too many, two slashes, or in capitals. */
function meantBy(path: string): string[] {
	const tidy = path.toLowerCase().replace(/\/{2,}/g, '/');
	const whole = SERVED.filter((each) => !/[:*]/.test(each.path)).map((each) => each.path);
	const ends = whole.filter((each) => tidy.endsWith(each)).sort((a, b) => b.length - a.length);
	return ends.length > 0 ? ends : nearest(tidy, whole, 1);
}
