import { createHmac, hash } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A digest of text or bytes, in hex. */
export function digest(input: string | Buffer): string {
	return hash('sha1', input, 'hex');
}

/** `length` characters in the vendors' id alphabet, a function of the seed alone. */
export function idFrom(seed: string, length: number): string {
	let id = '';
	for (let round = 0; id.length < length; round++) {
		for (const byte of hash('sha256', `${seed}/${round}`, 'buffer')) id += ALPHABET[byte % ALPHABET.length] ?? '1';
	}
	return id.slice(0, length);
}

/** An id in the form of a UUID (version 4), a function of the seed alone. */
export function uuidFrom(seed: string): string {
	const hex = digest(seed);
	return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** A whole number from 0 to `below` - 1, a function of the seed alone. Quick rather than well spread. */
export function pick(seed: string, below: number): number {
	let state = 2166136261;
	for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
	return (state >>> 0) % below;
}

const SECRET = 'simulated thinking';
const HEAD = Buffer.from([0x12, 0x0a]);
const NONCE_BYTES = 12;
const MAC_BYTES = 32;

function mac(purpose: string, nonce: Buffer, content: string): Buffer {
	return createHmac('sha256', SECRET).update(purpose).update(nonce).update(content).digest();
}

/**
 * An opaque seal over `content`, base64, that `sealed` recognises in any later process. `purpose` keeps kinds of seals apart; `seed`
 * makes the seals of different answers differ; `padding` bytes make it as long as the real thing.
 */
export function seal(purpose: string, content: string, seed: string, padding = 64): string {
	const nonce = hash('sha256', seed, 'buffer').subarray(0, NONCE_BYTES);
	const filler = Buffer.alloc(padding, hash('sha256', `${seed}/padding`, 'buffer'));
	return Buffer.concat([HEAD, nonce, mac(purpose, nonce, content), filler]).toString('base64');
}

/** Whether `token` is a seal made for exactly this content. */
export function sealed(purpose: string, content: string, token: string): boolean {
	const bytes = Buffer.from(token, 'base64');
	const at = HEAD.length + NONCE_BYTES;
	if (bytes.length < at + MAC_BYTES || !bytes.subarray(0, HEAD.length).equals(HEAD)) return false;
	return mac(purpose, bytes.subarray(HEAD.length, at), content).equals(bytes.subarray(at, at + MAC_BYTES));
}
