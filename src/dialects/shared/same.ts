interface Members {
	[key: string]: unknown;
}

function isMembers(value: unknown): value is Members {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether two JSON-like values say the same: order of keys does not matter, a key set to `undefined` counts as absent. Identical
 * references are equal at once, so comparing a value with a copy made of its own pieces is cheap.
 */
export function same(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item, b[index]));
	if (!isMembers(a) || !isMembers(b)) return false;
	for (const key in a) if (a[key] !== undefined && !same(a[key], b[key])) return false;
	for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
	return true;
}
