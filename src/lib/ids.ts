import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

const HEX: string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUIDv7 (RFC 9562): 48 bits of Unix time in ms, the rest random, so that ids sort by time. Random bytes come from a pool
 * because one system call an id shows on the hot path.
 */
export function uuidv7(now: number = Date.now()): string {
	if (used + 10 > POOL_BYTES) {
		randomFillSync(pool);
		used = 0;
	}
	const at = used;
	used += 10;
	const hex = (byte: number): string => HEX[byte & 0xff] ?? '00';
	const random = (offset: number): number => pool[at + offset] ?? 0;
	const high = Math.floor(now / 0x10000);
	const low = now % 0x10000;
	return (
		`${hex(high >>> 24)}${hex(high >>> 16)}${hex(high >>> 8)}${hex(high)}-${hex(low >>> 8)}${hex(low)}-` +
		`${hex(0x70 | (random(0) & 0x0f))}${hex(random(1))}-${hex(0x80 | (random(2) & 0x3f))}${hex(random(3))}-` +
		`${hex(random(4))}${hex(random(5))}${hex(random(6))}${hex(random(7))}${hex(random(8))}${hex(random(9))}`
	);
}
