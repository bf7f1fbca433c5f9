import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../lib/json.ts';
import type { WireCall } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { timeouts } from '../shapes.ts';
import type { Bodies, Body } from './trial.ts';

/** Fails where a call could not be sent. */
function ensureCallable(call: WireCall): void {
	ensure(/^https?:\/\/[^/]+$/.test(call.origin), `the origin of a call is ${show(call.origin)}`);
	ensure(call.method === 'POST', `a chat is sent by ${show(call.method)}`);
	ensure(/^\/[\x21-\x7e]*$/.test(call.path), `the path of a call is ${show(call.path)}`);
	ensure(call.headers.length % 2 === 0, 'the headers of a call are not pairs of names and values');
	ensure(
		call.headers.every((piece) => typeof piece === 'string'),
		'the headers of a call are not all texts',
	);
	const names = call.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
	ensure(new Set(names).size === names.length, `a header is sent twice: ${names.join(', ')}`);
}

/** `wire`, where there is one: addresses that can be called, headers in pairs, bodies left as they are. */
const describesWire: Body = async ({ provider, settings }) => {
	const { wire } = provider;
	if (wire === undefined) return 'it has no wire: it speaks for itself';
	ensure(wire.supports('chat'), 'its wire has no endpoint for chats');
	ensureNone(timeouts(wire.timeouts, 'wire.timeouts'));
	ensure(isObject(wire.traits(settings.model)), 'wire.traits gives no object');
	for (const stream of [false, true]) {
		const call = await wire.call('chat', settings.model, {}, stream);
		ensureCallable(call);
		if (wire.sign === undefined) continue;
		const unsigned = { ...call, body: '{}' };
		const before = structuredClone(unsigned);
		const signed = await wire.sign(unsigned);
		ensureCallable(signed);
		ensure(signed.body !== undefined, 'wire.sign loses the body');
		ensure(isDeepStrictEqual(unsigned, before), 'wire.sign changes the call it is given');
	}
	const body = { model: settings.model, stream: true, messages: [] };
	const before = structuredClone(body);
	wire.bodyChanges(body, settings.model, () => undefined);
	ensure(isDeepStrictEqual(body, before), 'wire.bodyChanges changes the body it is shown');
	return undefined;
};

/** How a vendor that speaks a known dialect is reached. */
export const WIRE: Bodies = { 'describes its wire': describesWire };
