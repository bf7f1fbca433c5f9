import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** A step of a path such as `$.list[0]['a name']`. */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/g;
/** Members of a partial argument that hold its value. */
const VALUES = ['stringValue', 'numberValue', 'boolValue'];
/** Longest list a path may ask for. */
const LONGEST = 10_000;

/**
 * Puts a call together whose arguments come in pieces, each for a path: the call's name with `willContinue`, then `partialArgs`, until
 * a piece does not announce another one. Calls that come whole pass.
 */
export class PartialCall {
	#held: JsonObject | undefined;
	#args: JsonObject = {};

	/** The part as far as it is whole: the same, the call it completes, or nothing while pieces are missing. */
	take(part: JsonObject): JsonObject | undefined {
		const call = part.functionCall;
		if (!isObject(call)) return part;
		const continues = call.willContinue === true;
		if (this.#held === undefined) {
			if (!continues && !Array.isArray(call.partialArgs)) return part;
			this.#held = part;
			this.#args = isObject(call.args) ? structuredClone(call.args) : {};
		} else if (part.thoughtSignature !== undefined) this.#held = { ...this.#held, thoughtSignature: part.thoughtSignature };
		for (const piece of Array.isArray(call.partialArgs) ? call.partialArgs : []) if (isObject(piece)) this.#add(piece);
		return continues ? undefined : this.flush();
	}

	/** The call as far as it has come, if one is being put together. */
	flush(): JsonObject | undefined {
		const held = this.#held;
		this.#held = undefined;
		if (held === undefined || !isObject(held.functionCall)) return undefined;
		const { willContinue: _, partialArgs: __, ...call } = held.functionCall;
		return { ...held, functionCall: { ...call, args: this.#args } };
	}

	#add(piece: JsonObject): void {
		const path = typeof piece.jsonPath === 'string' ? piece.jsonPath : '';
		const steps = [...path.matchAll(STEP)].map(([, name, index, quoted, other]) =>
			index === undefined ? (name ?? quoted ?? other ?? '') : Number(index),
		);
		const member = VALUES.find((key) => piece[key] !== undefined);
		if (steps.length > 0) setAt(this.#args, steps, member === undefined ? null : (piece[member] ?? null));
	}
}

type Holder = JsonObject | JsonValue[];

/** Sets the value at a path; a text goes on where one is there already. */
function setAt(root: JsonObject, steps: readonly (string | number)[], value: JsonValue): void {
	let holder: Holder = root;
	steps.forEach((step, at) => {
		const there = get(holder, step);
		if (at === steps.length - 1) {
			set(holder, step, typeof there === 'string' && typeof value === 'string' ? there + value : value);
			return;
		}
		const inner: Holder = isHolder(there) ? there : typeof steps[at + 1] === 'number' ? [] : {};
		set(holder, step, inner);
		holder = inner;
	});
}

function isHolder(value: JsonValue | undefined): value is Holder {
	return typeof value === 'object' && value !== null;
}

function get(holder: Holder, step: string | number): JsonValue | undefined {
	if (Array.isArray(holder)) return typeof step === 'number' ? holder[step] : undefined;
	return Object.hasOwn(holder, step) ? holder[step] : undefined;
}

function set(holder: Holder, step: string | number, value: JsonValue): void {
	if (!Array.isArray(holder)) put(holder, String(step), value);
	else if (typeof step === 'number' && step < LONGEST) holder[step] = value;
}
