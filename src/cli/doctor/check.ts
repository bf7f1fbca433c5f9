import { type Catalog, isLoopback, loadCatalog } from '../../catalog/index.ts';
import type { ProviderConfig } from '../../config/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { type HealthReport, isRelaisError, type ModelInfo, type Provider, RelaisError } from '../../spec/index.ts';
import type { OpenEngine } from '../in-process/index.ts';
import { diagnose, type Patient } from './diagnose.ts';
import { answersWithoutKey } from './keyless.ts';

/** What was found out about one provider. null: not known, or not looked at. */
export interface Finding {
	provider: string;
	type: string;
	/** Where its entry comes from. */
	origin: string;
	address: string | null;
	enabled: boolean;
	/** Null for a provider that is switched off. */
	healthy: boolean | null;
	reachable: boolean | null;
	keySet: boolean;
	/** Null also where no key is set and none was asked for, and where the vendor does not look at it. */
	keyAccepted: boolean | null;
	models: number | null;
	latencyMs: number | null;
	problem: string | null;
	cure: string | null;
	notes: string[];
}

/** Checks one provider of the config; a problem becomes part of the finding. @param timeoutMs time for each of its answers */
export async function check(config: ProviderConfig, { relais, redact }: OpenEngine, timeoutMs: number): Promise<Finding> {
	const catalog = loadCatalog(relais.state.config.dataDir);
	const base = blank(config, catalog);
	const provider = relais.state.providers.find(({ name }) => name === config.name);
	if (provider === undefined) return { ...base, notes: ['disabled: not checked'] };
	const list = (of: Provider): Promise<ModelInfo[] | undefined> => listed(of, timeoutMs);
	const [health, known, isOpen] = await Promise.all([
		settle(ask(provider, 'isHealthy', timeoutMs)),
		settle(list(provider)),
		answersWithoutKey(relais.state.config, config, list),
	]);
	const error = faultOf(health, known);
	const latencyMs = 'value' in health ? health.value.latencyMs : null;
	if (error !== undefined) {
		const { problem, cure, ...found } = diagnose(error, patientOf(config, provider, base.address ?? undefined));
		const clean = { problem: redact(problem), cure: redact(cure) };
		return { ...base, healthy: false, ...found, latencyMs: found.reachable === true ? latencyMs : null, ...clean };
	}
	const models = 'value' in known ? known.value : undefined;
	if (models === undefined) return unchecked(base, 'value' in health ? health.value : undefined);
	return {
		...base,
		healthy: true,
		reachable: true,
		keyAccepted: isOpen ? null : true,
		models: models.length,
		latencyMs,
		notes: [...untested(config, isOpen), ...missingModels(config, models)],
	};
}

function blank(config: ProviderConfig, catalog: Catalog): Finding {
	return {
		provider: config.name,
		type: config.type,
		origin: config.origin,
		address: addressOf(config, catalog) ?? null,
		enabled: config.enabled,
		healthy: null,
		reachable: null,
		keySet: config.apiKey !== undefined,
		keyAccepted: null,
		models: null,
		latencyMs: null,
		problem: null,
		cure: null,
		notes: [],
	};
}

/** The address in use; placeholders filled from the options where they are given. */
function addressOf({ baseUrl, type, options }: ProviderConfig, catalog: Catalog): string | undefined {
	const given = baseUrl ?? catalog.provider(type)?.baseUrl;
	return given?.replace(/\{(\w+)\}/g, (whole, key: string) => {
		const value = options[key];
		return typeof value === 'string' ? value : whole;
	});
}

function patientOf(config: ProviderConfig, provider: Provider, address: string | undefined): Patient {
	return {
		name: config.name,
		address,
		hasKey: config.apiKey !== undefined,
		credentialHint: provider.credentialHint ?? `set api_key of provider "${config.name}"`,
		local: address !== undefined && URL.canParse(address) && isLoopback(new URL(address).hostname),
	};
}

/** Healthy as far as can be told without spending tokens. */
function unchecked(base: Finding, health: HealthReport | undefined): Finding {
	const detail = health?.detail ?? 'not checked: its models cannot be listed';
	return { ...base, healthy: true, notes: [`${detail}; relais bench ${base.provider}/<model> asks it for real`] };
}

type Settled<T> = { value: T } | { error: RelaisError };

async function settle<T>(work: Promise<T>): Promise<Settled<T>> {
	try {
		return { value: await work };
	} catch (error) {
		if (isRelaisError(error)) return { error };
		const reason = reasonOf(error);
		return { error: new RelaisError('internal', reason, { cause: error }) };
	}
}

/** What is wrong, if anything. The list's own error says more than the health check's words. */
function faultOf(health: Settled<HealthReport>, list: Settled<ModelInfo[] | undefined>): RelaisError | undefined {
	if ('error' in list && list.error.code !== 'unsupported') return list.error;
	if ('error' in health) return health.error;
	const { healthy, detail, error } = health.value;
	return healthy ? undefined : (error ?? new RelaisError('provider_error', detail ?? 'it says it is not healthy'));
}

/** The vendor's own list; undefined where only the catalog would answer. */
async function listed(provider: Provider, timeoutMs: number): Promise<ModelInfo[] | undefined> {
	if (provider.hasList === false) return undefined;
	return await ask(provider, 'listModels', timeoutMs);
}

interface Answers {
	isHealthy: HealthReport;
	listModels: ModelInfo[];
}

/** Calls a method within the time, also of a module that does not listen to its signal. */
async function ask<M extends keyof Answers>(provider: Provider, method: M, timeoutMs: number): Promise<Answers[M]>;
async function ask(provider: Provider, method: keyof Answers, timeoutMs: number): Promise<Answers[keyof Answers]> {
	const limit = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			const error = new RelaisError('provider_timeout', `no answer within ${timeoutMs} ms`);
			reject(error);
			limit.abort(error);
		}, timeoutMs);
	});
	const context = { signal: limit.signal, requestId: 'doctor', warn: () => undefined };
	try {
		return await Promise.race([provider[method](context), late]);
	} finally {
		clearTimeout(timer);
	}
}

/** A list that anybody may read proves no key. */
function untested({ name, apiKey }: ProviderConfig, isOpen: boolean): string[] {
	if (apiKey === undefined || !isOpen) return [];
	return [`it lists its models without a key too: the key is not tested; relais bench ${name}/<model> tests it`];
}

/** Models the config names that the vendor does not list: often a spelling mistake. */
function missingModels(config: ProviderConfig, models: readonly ModelInfo[]): string[] {
	const known = new Set(models.map(({ id }) => id));
	const named = [...config.models.map(({ id }) => id), ...(config.defaultModel === undefined ? [] : [config.defaultModel])];
	const aliases = new Set(config.models.map(({ alias }) => alias));
	const missing = [...new Set(named)].filter((id) => !known.has(id) && !(aliases.has(id) && id === config.defaultModel));
	return known.size === 0 || missing.length === 0 ? [] : [`its list does not name ${missing.slice(0, 5).join(', ')}`];
}
