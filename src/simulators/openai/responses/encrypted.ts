import { seal, sealed } from '../../core/ids.ts';

const VERSION = 'gAAAAAB';

/**
 * Reasoning as it leaves the vendor: opaque, and bound to the item's id and to the vendor that made it. `seed` makes the texts of
 * one item differ; `tokens` of reasoning make it long.
 */
export function encrypted(vendor: string, id: string, seed: string, tokens: number): string {
	const inner = `${id}.${seal(`reasoning of ${vendor}`, id, seed, 96 + tokens)}`;
	return `${VERSION}${Buffer.from(inner).toString('base64url')}`;
}

/** What keeps encrypted reasoning from being read, in the vendor's words; undefined where nothing does. `id`: the item's, if it has one. */
export function encryptionFault(vendor: string, id: string | undefined, token: string): string | undefined {
	const inner = token.startsWith(VERSION) ? Buffer.from(token.slice(VERSION.length), 'base64url').toString() : '';
	const dot = inner.indexOf('.');
	const made = inner.slice(0, Math.max(0, dot));
	const whole = dot > 0 && sealed(`reasoning of ${vendor}`, made, inner.slice(dot + 1));
	if (!whole) return 'Encrypted content could not be decrypted or parsed.';
	if (id !== undefined && id !== made) return 'Encrypted content item_id did not match the target item id.';
	return undefined;
}
