import type { JsonValue } from '../../spec/index.ts';
import { type Controls, controlsFromHeaders, parseControls, splitModel } from './controls.ts';
import { type Exchange, pause } from './exchange.ts';
import type { FaultRegistry } from './faultrules.ts';
import { playInstead } from './instead.ts';
import { isObject } from './json.ts';
import type { Call } from './vendor.ts';

const SLOW_MS = 2000;

/** Brings together what shapes this answer: the defaults, then the admin's rule, the model's suffix, the headers. */
function gather(exchange: Exchange, faults: FaultRegistry, endpoint: string, model: string | null, suffix: string): void {
	const { controls, request, vendor } = exchange;
	Object.assign(controls, faults.match(vendor, model, endpoint));
	const own: Controls = {};
	const seen = controlsFromHeaders(request, parseControls(suffix, own));
	const spent =
		own.fault !== undefined && own.times !== undefined && !faults.strikes(`${vendor}/${model}/${suffix}/${seen}`, own.times);
	if (spent) {
		const { fault, ...rest } = own;
		Object.assign(controls, rest);
	} else Object.assign(controls, own);
	if (controls.fault !== 'slow-first-token') return;
	controls.latencyMs = controls.ms ?? SLOW_MS;
	controls.headersFirst ??= true;
}

/**
 * Begins an answer: settles its controls, waits as long as they say, and plays a fault that takes the answer's place. Returns true
 * where nothing is left to answer. Throws `ControlError`.
 */
export async function begin(
	exchange: Exchange,
	faults: FaultRegistry,
	endpoint: string,
	model: string | null,
	suffix: string,
): Promise<boolean> {
	exchange.row.model = model;
	gather(exchange, faults, endpoint, model, suffix);
	const { controls, row } = exchange;
	row.fault = controls.fault ?? null;
	const waitsLater = row.stream && controls.headersFirst === true;
	if (controls.latencyMs !== undefined && !waitsLater) await pause(exchange, controls.latencyMs);
	if (exchange.closed) return true;
	return playInstead(exchange);
}

/** A call's body: JSON, or why it is none. The model's control suffix has been taken off. */
export type ReadBody = { ok: true; body: JsonValue } | { ok: false; reason: string };

/** Reads a JSON body. */
export function readBody(bytes: Buffer): ReadBody {
	try {
		return { ok: true, body: JSON.parse(bytes.toString('utf8')) as JsonValue };
	} catch (error) {
		return { ok: false, reason: error instanceof Error ? error.message : 'not JSON' };
	}
}

/**
 * Reads a JSON body that names its model in `model` and asks for a stream with `stream`, and begins the answer. Undefined where
 * nothing is left to answer.
 */
export async function beginJson(call: Call): Promise<ReadBody | undefined> {
	const read = readBody(call.bytes);
	let model: string | null = null;
	let suffix = '';
	if (read.ok && isObject(read.body)) {
		call.exchange.row.stream = read.body.stream === true;
		if (typeof read.body.model === 'string') {
			({ model, suffix } = splitModel(read.body.model));
			read.body.model = model;
		}
	}
	return (await call.begin(model, suffix)) ? undefined : read;
}
