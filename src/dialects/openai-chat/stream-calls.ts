import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Signature, ToolCallPart } from '../../spec/index.ts';
import { extend, Fields } from '../shared/index.ts';
import { madeId } from './made-id.ts';
import { DIALECT } from './name.ts';
import { nest, orNothing } from './nested.ts';
import { decodeExtraContent } from './signature.ts';
import { type Calls, closeBlock, openBlock, type State, type Track } from './stream-state.ts';
import { readInput } from './tool-calls.ts';

/** One call of a candidate, as far as it has come. */
interface Call {
	part: ToolCallPart;
	/** The id the vendor gave, empty when none. */
	wireId: string;
	/** All input so far; read only when the next call has to know whether this one is whole. */
	input: string;
	/** Input not yet passed on. */
	pending: string;
	block: number | undefined;
}

/** A piece of a call in a delta. */
interface Piece {
	index: number | undefined;
	id: string;
	name: string;
	kind: ToolCallPart['kind'];
	input: string;
	wire: JsonObject;
}

const TAKEN = ['index', 'id', 'type', 'function', 'custom'] as const;

function stringOf(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

function readPiece(wire: JsonObject): Piece {
	const kind = isObject(wire.custom) ? 'custom' : 'function';
	const body = isObject(wire[kind]) ? wire[kind] : {};
	return {
		index: typeof wire.index === 'number' ? wire.index : undefined,
		id: stringOf(wire.id),
		name: stringOf(body.name),
		kind,
		input: readInput(kind === 'custom' ? body.input : body.arguments).input,
		wire,
	};
}

/** What the first piece of a call says beyond the usual. */
function leftoversOf(piece: Piece, signed: boolean): JsonObject | undefined {
	const fields = new Fields(piece.wire, '', true);
	for (const key of TAKEN) fields.drop(key);
	const kept: JsonObject = {};
	const body = piece.wire[piece.kind];
	if (isObject(body)) {
		const inner = new Fields(body, '', true);
		for (const key of ['name', 'arguments', 'input']) inner.drop(key);
		nest(kept, piece.kind, inner.rest());
	}
	if (piece.id === '') kept.$id = piece.wire.id === undefined ? null : '';
	if (signed) {
		fields.drop('extra_content');
		kept.$extra = piece.wire.extra_content;
	}
	return orNothing({ ...fields.rest(), ...kept });
}

/** Whether a call's input is whole: a JSON object. Free text gives no sign, so the next call counts as one. */
function isWhole(call: Call): boolean {
	return call.part.kind === 'custom' || isObject(tryParse(call.input));
}

/**
 * The calls of one candidate in the order they began. The canonical stream has one block at a time, so while a call is not whole,
 * pieces of the following ones wait (some servers announce all calls first and fill them in turn).
 */
export class ToolQueue implements Calls {
	readonly #byIndex = new Map<number, Call>();
	/** Calls not yet passed on in full; the first is the open block. */
	#waiting: Call[] = [];
	#last: Call | undefined;
	#count = 0;

	push(wire: JsonObject, state: State, track: Track): void {
		const piece = readPiece(wire);
		const signature = decodeExtraContent(wire.extra_content);
		const known = this.#find(piece);
		const call = known ?? this.#begin(piece, signature, state, track);
		if (known !== undefined) this.#complete(known, piece, signature, state, track);
		this.#add(call, piece.input, state, track);
	}

	pushLegacy(wire: JsonObject, state: State, track: Track): void {
		const piece: Piece = { ...readPiece({ function: wire }), index: -1 };
		let call = this.#byIndex.get(-1);
		if (call === undefined) {
			call = this.#create(piece, madeId(state.answer, track.index, piece.name), { $in: 'function_call' }, track);
		}
		this.#add(call, piece.input, state, track);
	}

	flush(state: State, track: Track): void {
		for (const call of this.#waiting) {
			this.#send(call, state, track);
			closeBlock(state, track);
		}
		this.#waiting = [];
	}

	/** The call a piece belongs to. Servers without `index` send whole calls, or pieces of the last one without id and name. */
	#find(piece: Piece): Call | undefined {
		const call = piece.index === undefined ? this.#last : this.#byIndex.get(piece.index);
		if (call === undefined) return undefined;
		if (piece.id !== '' && call.wireId !== '' && piece.id !== call.wireId) return undefined;
		if (piece.index === undefined && piece.id === '' && piece.name !== '' && call.part.name !== '') return undefined;
		return call;
	}

	#begin(piece: Piece, signature: Signature | undefined, state: State, track: Track): Call {
		const made = madeId(state.answer, track.index, this.#count);
		const call = this.#create(piece, made, leftoversOf(piece, signature !== undefined), track);
		if (signature !== undefined) call.part.signature = signature;
		return call;
	}

	#create(piece: Piece, made: string, left: JsonObject | undefined, track: Track): Call {
		const id = piece.id === '' ? made : piece.id;
		const part: ToolCallPart = {
			type: 'tool-call',
			id,
			name: piece.name,
			kind: piece.kind,
			input: '',
			...extend(DIALECT, left ?? {}),
		};
		const call: Call = { part, wireId: piece.id, input: '', pending: '', block: undefined };
		if (piece.index !== undefined) this.#byIndex.set(piece.index, call);
		this.#last = call;
		this.#count++;
		this.#waiting.push(call);
		track.called = true;
		return call;
	}

	/** A later piece may bring what the first lacked. */
	#complete(call: Call, piece: Piece, signature: Signature | undefined, state: State, track: Track): void {
		if (call.block === undefined && call.part.name === '') call.part.name = piece.name;
		if (call.block === undefined && call.wireId === '' && piece.id !== '') {
			call.wireId = piece.id;
			call.part.id = piece.id;
		}
		if (signature === undefined) return;
		if (call.block === undefined) call.part.signature = signature;
		else if (track.open?.block === call.block) {
			state.out.push({ type: 'tool-input-delta', block: call.block, input: '', signature });
		}
	}

	#add(call: Call, input: string, state: State, track: Track): void {
		call.input += input;
		call.pending += input;
		if (call.block !== undefined && call !== this.#waiting[0]) this.#send(call, state, track);
		else this.#advance(state, track);
	}

	/** Passes on what can go: the first waiting call, and the next ones once it is whole. */
	#advance(state: State, track: Track): void {
		for (;;) {
			const [first, next] = this.#waiting;
			if (first === undefined || first.part.name === '') return;
			this.#send(first, state, track);
			if (next === undefined || !isWhole(first)) return;
			closeBlock(state, track);
			this.#waiting.shift();
		}
	}

	#send(call: Call, state: State, track: Track): void {
		call.block ??= openBlock(state, track, { ...call.part }, 'tool').block;
		if (call.pending === '') return;
		state.out.push({ type: 'tool-input-delta', block: call.block, input: call.pending });
		call.pending = '';
	}
}
