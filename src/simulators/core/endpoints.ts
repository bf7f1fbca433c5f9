import type { Endpoint, Found, Vendor } from './vendor.ts';

/** An endpoint that takes POST alone. */
export function post(name: Endpoint['name'], answer: Endpoint['answer']): Endpoint {
	return { name, methods: ['POST'], answer };
}

/** An endpoint that takes GET alone. */
export function get(name: Endpoint['name'], answer: Endpoint['answer']): Endpoint {
	return { name, methods: ['GET'], answer };
}

/** The endpoint at a path, from a table whose keys are paths; one ending in `/` takes the rest of the path. */
export function endpointAt(table: { [path: string]: Endpoint }, path: string): Found | undefined {
	const exact = table[path];
	if (exact !== undefined) return { endpoint: exact, rest: '' };
	const slash = path.lastIndexOf('/') + 1;
	const prefix = table[path.slice(0, slash)];
	return prefix === undefined || slash === path.length
		? undefined
		: { endpoint: prefix, rest: decodeURIComponent(path.slice(slash)) };
}

/** The endpoint of another vendor inside this one, with that one's headers and errors. */
export function endpointOf(inner: Vendor, path: string): Found | undefined {
	const found = inner.endpoint(path);
	return found === undefined ? undefined : { ...found, endpoint: { ...found.endpoint, wire: found.endpoint.wire ?? inner.wire } };
}
