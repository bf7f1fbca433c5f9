const LF = 10;
const CR = 13;

/** Most pieces a body is sent in. */
const MOST = 240;

function isAwkward(bytes: Buffer, at: number): boolean {
	const before = bytes[at - 1] ?? 0;
	const after = bytes[at] ?? 0;
	// Inside a UTF-8 character, between CR and LF, between the two line ends that close an event.
	return (after & 0xc0) === 0x80 || (before === CR && after === LF) || (before === LF && after === LF);
}

/** Every n-th place only, where there are too many. */
function thinned(places: number[]): number[] {
	const step = Math.ceil(places.length / MOST);
	return places.filter((_, index) => index % step === 0);
}

/**
 * Cuts a body into the pieces a network might deliver: as recorded, or else at the places that are hardest to read over, and every
 * few dozen bytes where a body has none of them.
 */
export function pieces(bytes: Buffer, chunkSizes: readonly number[] | undefined): Buffer[] {
	const places = chunkSizes === undefined ? awkwardPlaces(bytes) : endsOf(chunkSizes, bytes.length);
	const cut: Buffer[] = [];
	let from = 0;
	for (const place of places) {
		cut.push(bytes.subarray(from, place));
		from = place;
	}
	cut.push(bytes.subarray(from));
	return cut.filter((piece) => piece.length > 0);
}

function endsOf(sizes: readonly number[], total: number): number[] {
	let end = 0;
	const ends = sizes.map((size) => {
		end += size;
		return end;
	});
	return ends.filter((place) => place < total);
}

function awkwardPlaces(bytes: Buffer): number[] {
	const places: number[] = [];
	for (let at = 1; at < bytes.length; at++) if (isAwkward(bytes, at)) places.push(at);
	if (places.length >= 8) return thinned(places);
	const regular: number[] = [];
	for (let at = 37; at < bytes.length; at += 37) regular.push(at);
	return [...new Set([...places, ...thinned(regular)])].sort((a, b) => a - b);
}
