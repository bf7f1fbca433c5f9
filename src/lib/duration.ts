const UNITS: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration written "250ms", "30s", "1.5m", "2h", "7d" or as a bare number of ms; undefined when it is neither. */
export function parseDuration(value: string | number): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
	const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value.trim());
	if (match === null) return undefined;
	const unit = UNITS[match[2] ?? ''];
	return unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}
