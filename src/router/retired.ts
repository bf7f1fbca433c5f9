import { dayOf, isOver, type Retirement } from '../catalog/index.ts';
import { RelaisError, type Warning } from '../spec/index.ts';
import type { Target } from './types.ts';

/** What to do with a model whose end is past: refuse it, send the closest one in its place, or try it all the same. */
export type RetiredModels = 'error' | 'replace' | 'ignore';

/** What is sent in the end, and what the client is told of it; or why nothing is. */
export type Verdict = { target: Target; notices: readonly Warning[] } | { error: RelaisError };

function notice(kind: Warning['kind'], message: string): Warning[] {
	return [{ kind, path: 'model', message }];
}

/** The end in words: `mine/model was shut down on 2026-10-23`. */
function ended({ label }: Target, { of, provider, date }: Retirement): string {
	const when = date === undefined ? 'was shut down' : `was shut down on ${date}`;
	return of === 'provider' ? `${provider} ${when}: ${label} no longer answers` : `${label} ${when}`;
}

function advice({ retirement }: Target, successor: Target | undefined): string {
	if (successor !== undefined) return `Use "${successor.label}", or set retired_models: replace in the config.`;
	const elsewhere = retirement?.elsewhere();
	const other =
		elsewhere === undefined
			? 'Choose another model: GET /v1/models lists them.'
			: `"${elsewhere}" still answers: add that provider.`;
	return retirement?.of === 'provider' ? `${other} A server of your own is reached by its base_url.` : other;
}

/**
 * Judges a target by its date. @param now Unix time in ms
 */
export function judge(target: Target, now: number, mode: RetiredModels): Verdict {
	const { retirement } = target;
	if (retirement === undefined) return { target, notices: [] };
	const today = dayOf(now);
	if (!isOver(retirement, today)) return { target, notices: notice('notice', `${soon(target, retirement)}`) };
	const end = ended(target, retirement);
	if (mode === 'ignore')
		return { target, notices: notice('notice', `${end}, as far as Relais knows; it was tried all the same`) };
	const successor = retirement.successor(today);
	if (mode === 'replace' && successor !== undefined)
		return { target: successor, notices: notice('changed', `${end}; "${successor.label}" was asked in its place`) };
	return { error: new RelaisError('model_retired', `${end}. ${advice(target, successor)}`, { param: 'model' }) };
}

function soon({ label }: Target, { date, replacement }: Retirement): string {
	const when = date === undefined ? 'is deprecated' : `will be shut down on ${date}`;
	return `${label} ${when}${replacement === undefined ? '' : `; its replacement is ${replacement}`}`;
}
