import { defined } from '../lib/json.ts';
import { MIN_KEY_LENGTH } from './defaults.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';
import type { KeyEntry } from './schema.ts';
import type { BudgetConfig, KeyConfig } from './types.ts';
import { fitsHeader } from './variables.ts';

/** Clients' keys of the file. */
export function buildKey(entry: KeyEntry, path: ConfigPath, loading: Loading): KeyConfig | undefined {
	const keyPath = [...path, 'key'];
	const key = loading.secret(entry.key, entry.key_file, keyPath, [...path, 'key_file']);
	if (key === undefined) {
		if (entry.key === undefined && entry.key_file === undefined)
			loading.problem(keyPath, 'is missing', 'Add key, or key_file with the path of a file that holds it.');
		return undefined;
	}
	const fault = keyFault(key);
	if (fault !== undefined) loading.problem(keyPath, fault.message, fault.cure);
	return {
		name: entry.name,
		key,
		models: entry.models ?? ['*'],
		...(entry.limits && { limits: defined({ ...entry.limits }) }),
		...(entry.budget && { budget: toBudget(entry.budget) }),
		origin: loading.place(path),
	};
}

/** Keys of the variable RELAIS_API_KEYS: separated by commas, each may use every model. */
export function keysFromEnvironment(loading: Loading): KeyConfig[] {
	const variable = 'RELAIS_API_KEYS';
	const texts = (loading.input.env[variable] ?? '').split(',').map((text) => text.trim());
	const keys = texts.filter((text) => text !== '');
	return keys.map((key, index) => {
		const fault = keyFault(key);
		if (fault !== undefined) loading.outside(variable, `key ${index + 1} ${fault.message}`, fault.cure);
		return { name: `environment-${index + 1}`, key, models: ['*'], origin: `environment (${variable})` };
	});
}

function keyFault(key: string): { message: string; cure: string } | undefined {
	const cure = 'Make one with: openssl rand -hex 24';
	if (!fitsHeader(key))
		return { message: 'holds characters a key cannot have', cure: 'A key is printable ASCII without spaces.' };
	return key.length < MIN_KEY_LENGTH
		? { message: `is shorter than ${MIN_KEY_LENGTH} characters: it could be guessed`, cure }
		: undefined;
}

function toBudget(budget: NonNullable<KeyEntry['budget']>): BudgetConfig {
	return { limitUsd: budget.limit_usd, period: budget.period, hard: budget.hard ?? false };
}
