import { parseDuration } from '../lib/duration.ts';

const SIZES: { readonly [unit: string]: number } = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Bytes of a size written "32mb", "512 KB", "1.5gb" or as a bare number of bytes (units of 1024); undefined when it is neither. */
export function parseSize(value: string | number): number | undefined {
	if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
	const match = /^(\d+(?:\.\d+)?)\s*([kmg]?b|)$/i.exec(value.trim());
	const unit = SIZES[match?.[2]?.toLowerCase() ?? 'none'];
	return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}

/** Timers of the runtime cannot run longer: beyond it they fire at once. */
export const MAX_DURATION_MS = 2 ** 31 - 1;

/** Milliseconds of a duration as the config writes it ("30s", "1.5m", "250", 250); undefined when it is none or too long for a timer. */
export function parseTimeLimit(value: string | number): number | undefined {
	const bare = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
	const ms = parseDuration(bare);
	return ms === undefined || ms > MAX_DURATION_MS ? undefined : ms;
}

/** Milliseconds of a `TimeSpan` text, `[d.]hh:mm:ss[.fraction]`; undefined when it is none. */
export function parseTimeSpan(value: string): number | undefined {
	const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(value.trim());
	if (match === null) return undefined;
	const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
	const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
	return Math.round((whole + Number(`0.${fraction}`)) * 1000);
}
