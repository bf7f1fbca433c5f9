import { type Column, oneLine, type Style, styler, table } from '../terminal/index.ts';
import type { Finding } from './check.ts';

const word = (value: boolean | null, unknown = '-'): string => (value === null ? unknown : value ? 'yes' : 'no');
const tone = (value: boolean | null): Style | undefined => (value === null ? undefined : value ? 'green' : 'red');

const COLUMNS: readonly Column<Finding>[] = [
	{ title: 'provider', cell: (row) => row.provider },
	{ title: 'type', cell: (row) => row.type },
	{ title: 'origin', cell: (row) => row.origin },
	{ title: 'reachable', cell: (row) => (row.enabled ? word(row.reachable) : 'disabled'), style: (row) => tone(row.reachable) },
	{ title: 'key', cell: (row) => keyWord(row), style: (row) => tone(row.keyAccepted) },
	{ title: 'models', cell: (row) => (row.models === null ? '-' : String(row.models)), right: true },
	{ title: 'ms', cell: (row) => (row.latencyMs === null ? '-' : String(row.latencyMs)), right: true },
];

function keyWord({ keySet, keyAccepted, healthy, reachable }: Finding): string {
	if (keyAccepted !== null) return keyAccepted ? 'accepted' : keySet ? 'refused' : 'missing';
	if (healthy !== true || reachable !== true) return '-';
	return keySet ? 'not tested' : 'not needed';
}

/** The table, and under it each failure with its cure. */
export function report(findings: readonly Finding[], color: boolean): string {
	const paint = styler(color);
	const lines: string[] = [];
	for (const { provider, problem, cure, notes } of findings) {
		if (problem !== null) lines.push(paint('red', `${provider}: ${oneLine(problem)}`), `  cure: ${oneLine(cure ?? '')}`);
		for (const note of notes) lines.push(paint('dim', `${provider}: ${oneLine(note)}`));
	}
	return [
		table(COLUMNS, findings, color),
		...(lines.length > 0 ? ['\n', `${lines.join('\n')}\n`] : []),
		'\n',
		verdict(findings),
	].join('');
}

/** One line on the whole. */
function verdict(findings: readonly Finding[]): string {
	const enabled = findings.filter((finding) => finding.enabled);
	const ill = enabled.filter((finding) => finding.healthy !== true).length;
	return ill === 0
		? `${enabled.length === 1 ? 'the provider is' : `all ${enabled.length} providers are`} healthy\n`
		: `${ill} of ${enabled.length} providers failed\n`;
}
