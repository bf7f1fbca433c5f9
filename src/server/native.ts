import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '../lib/ids.ts';
import { isObject, tryParse } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { Principal } from '../policy/auth/index.ts';
import { type NativeCall, type NativeRequest, type Provider, RelaisError } from '../spec/index.ts';
import { admit } from './admission.ts';
import type { HotRouteHost } from './hot-route.ts';
import { strangersGuard } from './mount.ts';
import { countOpen } from './open-answers.ts';
import { fail } from './plain-route.ts';
import { RawReply } from './reply.ts';
import { SURFACES, type Surface } from './surfaces/index.ts';

/** Headers of a request that end here: of one connection, of this server, or Relais's own business. */
const NOT_PASSED: ReadonlySet<string> = new Set([
	'accept-encoding',
	'api-key',
	'authorization',
	'connection',
	'content-length',
	'cookie',
	'expect',
	'forwarded',
	'host',
	'keep-alive',
	'origin',
	'proxy-authorization',
	'proxy-connection',
	'referer',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'x-api-key',
	'x-goog-api-key',
]);
/**
 * Beginnings of further ones: proxies', browsers', a client's signature, which would be of another address and key, and what asks for
 * another method than the one that is looked at here.
 */
const NOT_PASSED_FAMILIES = /^(x-relais-|x-forwarded-|x-amz-|x-http-method|x-method-override|sec-)/;

const METHODS: readonly NativeRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Serves `/{provider}/native/*`: the provider's own API, under Relais's keys. */
export function mountNative(app: FastifyInstance, host: HotRouteHost): void {
	for (const method of METHODS) {
		app.route({
			method,
			url: '/:provider/native/*',
			onRequest: strangersGuard(host, (request) => spokenAt(host, request), KEY_IN_QUERY),
			handler: (request, reply) => serveNative(host, method, request, reply),
		});
	}
}

function serveNative(host: HotRouteHost, method: NativeRequest['method'], request: FastifyRequest, reply: FastifyReply): void {
	const id = uuidv7();
	let surface: Surface = SURFACES[0];
	try {
		const { keys, providers } = host.relais.state;
		const name = nameIn(request);
		const provider = providers.find((each) => each.name === name);
		surface = surfaceOf(provider) ?? surface;
		if (host.draining) throw new RelaisError('shutting_down', 'Relais is shutting down. Try again in a moment.');
		const principal = admit(keys, request.headers, KEY_IN_QUERY, request.url);
		const accepted = accept(nativeOf(provider, name, providers), method, request);
		assertAllowed(principal, name, accepted.model);
		const sink = new RawReply(reply.raw, host.stallLimitMs, 'x-relais-request-id', id);
		reply.hijack();
		countOpen(host, reply.raw, host.relais.startNative({ id, ...accepted, sink }, principal));
	} catch (error) {
		fail(host, surface, error, reply, id);
	}
}

/** Any vendor's clients may come here, also those that put the key into the query. */
const KEY_IN_QUERY = { keyParameter: 'key' };

function nameIn(request: FastifyRequest): string {
	return (request.params as { provider?: string }).provider ?? '';
}

/** The surface in whose form a call is refused before it is looked at. */
function spokenAt({ relais }: HotRouteHost, request: FastifyRequest): Surface {
	const name = nameIn(request);
	return surfaceOf(relais.state.providers.find((each) => each.name === name)) ?? SURFACES[0];
}

/** The surface in whose form a provider's clients read errors. */
function surfaceOf(provider: Provider | undefined): Surface | undefined {
	return SURFACES.find(({ dialect }) => dialect === provider?.wire?.dialect);
}

type NativeProvider = Provider & Required<Pick<Provider, 'native'>>;

function nativeOf(provider: Provider | undefined, name: string, providers: readonly Provider[]): NativeProvider {
	if (provider === undefined) {
		const names = providers.map((each) => each.name);
		const [near] = nearest(name, names, 1);
		const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${near}"?`;
		throw new RelaisError('not_found', `There is no provider named "${name.slice(0, 200)}". ${hint}`);
	}
	if (!speaksNatively(provider))
		throw new RelaisError('unsupported', `Provider "${name}" has no API of its own that could be passed through.`);
	return provider;
}

function speaksNatively(provider: Provider): provider is NativeProvider {
	return provider.native !== undefined;
}

interface Accepted {
	provider: Provider;
	prepared: NativeCall;
	model: string | undefined;
	stream: boolean;
}

function accept(provider: NativeProvider, method: NativeRequest['method'], request: FastifyRequest): Accepted {
	const body = Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : undefined;
	const prepared = provider.native({ method, path: pathBehind(request.url), headers: passed(request.headers), body });
	// Models are asked with POST. Whatever else a body says, other methods are for what lies in the vendor's account.
	const said = body === undefined || method !== 'POST' ? {} : sayings(request.headers, body);
	return {
		provider,
		prepared,
		model: prepared.model ?? said.model,
		stream: prepared.stream === true || said.stream === true,
	};
}

/** What follows `/{provider}/native` in an address, its query with it. Proxies are sent whole URLs, and some clients fragments. */
function pathBehind(url: string): string {
	const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '').replace(/#.*$/, '');
	return path.slice(path.indexOf('/native/', 1) + '/native'.length);
}

/** What a JSON body says of model and stream. A broken one is for the vendor to refuse. */
function sayings(headers: IncomingHttpHeaders, raw: Buffer): { model?: string; stream?: boolean } {
	if (headers['content-type']?.includes('json') !== true) return {};
	const body = tryParse(raw.toString('utf8'));
	if (!isObject(body)) return {};
	return {
		...(typeof body.model === 'string' ? { model: body.model } : {}),
		...(typeof body.stream === 'boolean' ? { stream: body.stream } : {}),
	};
}

function passed(headers: IncomingHttpHeaders): (readonly [string, string])[] {
	const pairs: (readonly [string, string])[] = [];
	const ofConnection = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
	for (const [name, value] of Object.entries(headers)) {
		if (value === undefined || NOT_PASSED.has(name) || NOT_PASSED_FAMILIES.test(name) || ofConnection.includes(name)) continue;
		pairs.push([name, Array.isArray(value) ? value.join(', ') : value]);
	}
	return pairs;
}

/** A key that is kept to some models is kept to them here too, and to calls that say which one they are for. */
function assertAllowed(principal: Principal, name: string, model: string | undefined): void {
	const names = model === undefined ? [`${name}/native`] : [`${name}/${model}`, model];
	if (principal.mayUse(names)) return;
	const what = model === undefined ? `calls of "${name}" that name no model` : `"${model.slice(0, 200)}"`;
	throw new RelaisError('forbidden', `This key may not use ${what}. Ask for a key whose models include ${names[0]}.`);
}
