/** FNV-1a, 32 bits: enough to tell the calls of one conversation apart. */
function fnv(text: string, seed: number): string {
	let hash = seed;
	for (let at = 0; at < text.length; at++) {
		hash ^= text.charCodeAt(at);
		hash = Math.imul(hash, 0x01000193);
	}
	return (hash >>> 0).toString(16).padStart(8, '0');
}

/** A call id made from what is known of the call: the same for the same words, and short, because some vendors limit ids. */
export function madeId(...words: (string | number)[]): string {
	const text = words.join('\n');
	return `call_${fnv(text, 0x811c9dc5)}${fnv(text, 0x2545f491)}`;
}
