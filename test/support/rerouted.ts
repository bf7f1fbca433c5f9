import { createTransport, type Transport } from '../../src/transport/index.ts';

/** A transport that takes every call to a vendor's own host to another one, paths and all, so that no address need be overridden. */
export function rerouted(to: string): Transport {
	const transport = createTransport();
	const { origin } = new URL(to);
	return {
		start: (call, timeouts, handler, options) => transport.start({ ...call, origin }, timeouts, handler, options),
		request: (call, timeouts, signal, maxBytes) => transport.request({ ...call, origin }, timeouts, signal, maxBytes),
		stats: (at) => transport.stats(at),
		close: () => transport.close(),
	};
}
