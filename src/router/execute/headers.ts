import type { HeaderMap, Warning } from '../../spec/index.ts';
import type { Target } from '../types.ts';

/** Longest value of `x-relais-warnings`, in characters: clients refuse large header blocks. */
const MAX_WARNINGS_HEADER = 4096;
/** Longest value taken over from a name or a vendor's header, in characters. */
const MAX_VALUE = 500;

/** Headers every answer carries that came from a target. */
export function answerHeaders(
	requestId: string,
	target: Target,
	attempts: number,
	route: string | undefined,
	warnings: readonly Warning[],
	upstream: HeaderMap,
): { [name: string]: string } {
	const headers: { [name: string]: string } = {
		'x-relais-request-id': requestId,
		'x-relais-provider': target.provider.name,
		// A call of a vendor's own API may be for no model.
		...(target.model === '' ? {} : { 'x-relais-model': headerSafe(target.model) }),
		'x-relais-attempts': String(attempts),
	};
	if (route !== undefined) headers['x-relais-route'] = headerSafe(route);
	if (warnings.length > 0) headers['x-relais-warnings'] = warningsHeader(warnings);
	const simulated = upstream['x-relais-simulated'];
	if (typeof simulated === 'string') headers['x-relais-simulated'] = headerSafe(simulated);
	const upstreamId = upstream['x-request-id'] ?? upstream['request-id'];
	if (typeof upstreamId === 'string') headers['x-relais-upstream-request-id'] = headerSafe(upstreamId);
	return headers;
}

/**
 * Warnings as a JSON array of `{kind, path, message}` in ASCII (other characters as \u escapes). Cut to whole warnings when it
 * would be too long, with a last one that says how many are missing.
 */
export function warningsHeader(warnings: readonly Warning[]): string {
	const texts = warnings.map((warning) => headerJson(warning));
	let length = 2;
	let shown = 0;
	for (const text of texts) {
		if (length + text.length + 1 > MAX_WARNINGS_HEADER - 120) break;
		length += text.length + 1;
		shown++;
	}
	const kept = texts.slice(0, shown);
	if (shown < texts.length)
		kept.push(headerJson({ kind: 'notice', path: '', message: `and ${texts.length - shown} more warnings` }));
	return `[${kept.join(',')}]`;
}

function headerJson(warning: Warning): string {
	return JSON.stringify(warning).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value with everything a header may not hold percent-encoded, halves of surrogate pairs as U+FFFD. */
export function headerSafe(value: string): string {
	const whole = value.slice(0, MAX_VALUE).replace(/\p{Cs}/gu, '\ufffd');
	return whole.replace(/[^\x20-\x7e]/gu, (char) => encodeURIComponent(char));
}
