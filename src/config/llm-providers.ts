import { findType } from '../catalog/index.ts';
import { isObject } from '../lib/json.ts';
import type { JsonObject, JsonValue } from '../spec/index.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';
import { parseTimeSpan } from './units.ts';

/**
 * The `LLMProviders` shape: `Providers[].Type/Name/Enabled/Priority/Configuration` and `Routing.Strategy/HealthCheckInterval/
 * FailoverThreshold`, at the root or under `LLMProviders`, keys in any case. Gives the same config in Relais's own shape, or
 * undefined when the value is not of this shape. What has no counterpart is told.
 */
export function convertLlmProviders(root: JsonObject, ownKeys: readonly string[], loading: Loading): JsonObject | undefined {
	const wrapper = findKey(root, 'llmproviders');
	const flat = wrapper === undefined && (Array.isArray(root.Providers) || isObject(root.Routing));
	if (wrapper === undefined && !flat) return undefined;
	const inner = wrapper === undefined ? root : root[wrapper];
	const base: ConfigPath = wrapper === undefined ? [] : [wrapper];
	const result: JsonObject = {};
	for (const [key, value] of Object.entries(root)) {
		if (ownKeys.includes(key)) result[key] = value;
		else if (key !== wrapper && !(flat && ['Providers', 'Routing'].includes(key)))
			loading.notice('not a setting of Relais: ignored', [key]);
	}
	const holder = Array.isArray(inner) ? { Providers: inner } : inner;
	if (!isObject(holder)) {
		loading.problem(base, 'must be a mapping with Providers and Routing');
		return result;
	}
	const place = (key: string): ConfigPath => (Array.isArray(inner) ? base : [...base, key]);
	for (const [key, value] of Object.entries(holder)) {
		const path = place(key);
		if (key.toLowerCase() === 'providers') result.providers = convertProviders(value, path, loading);
		else if (key.toLowerCase() === 'routing') result.routing = convertRouting(value, path, loading);
		else if (!flat) loading.notice('has no counterpart in Relais: ignored', path);
	}
	return result;
}

function findKey(object: JsonObject, lower: string): string | undefined {
	return Object.keys(object).find((key) => key.toLowerCase() === lower);
}

function convertProviders(value: JsonValue | undefined, path: ConfigPath, loading: Loading): JsonValue {
	loading.converted(['providers'], path);
	if (!Array.isArray(value)) return value ?? [];
	return value.map((entry, index) => {
		loading.converted(['providers', index], [...path, index]);
		return isObject(entry) ? convertProvider(entry, index, [...path, index], loading) : entry;
	});
}

/** Fields of an entry, by lower-case name, and how they become ours. */
type Conversion = (value: JsonValue, loading: Loading) => { field: string; value: JsonValue; option?: boolean };

const plain =
	(field: string): Conversion =>
	(value) => ({ field, value });

const option =
	(field: string): Conversion =>
	(value) => ({ field, value, option: true });

/** Durations: a TimeSpan, a duration as Relais writes it, or a number of seconds. */
const timeLimit =
	(field: string): Conversion =>
	(value) => ({ field, value: toDuration(value) });

function toDuration(value: JsonValue): JsonValue {
	if (typeof value === 'number') return value * 1000;
	return typeof value === 'string' ? (parseTimeSpan(value) ?? value) : value;
}

const ENTRY: { readonly [field: string]: Conversion } = {
	name: (value) => ({ field: 'name', value: typeof value === 'string' ? toName(value) : value }),
	type: (value, loading) => ({
		field: 'type',
		value: typeof value === 'string' ? (findType(loading.input.catalog, value) ?? value) : value,
	}),
	enabled: (value) => ({ field: 'enabled', value: typeof value === 'string' ? value.toLowerCase() : value }),
	priority: plain('priority'),
};

const CONFIGURATION: { readonly [field: string]: Conversion } = {
	apikey: plain('api_key'),
	key: plain('api_key'),
	apikeyfile: plain('api_key_file'),
	baseurl: plain('base_url'),
	baseaddress: plain('base_url'),
	endpoint: plain('base_url'),
	url: plain('base_url'),
	apibase: plain('base_url'),
	model: plain('default_model'),
	modelid: plain('default_model'),
	modelname: plain('default_model'),
	defaultmodel: plain('default_model'),
	deployment: plain('default_model'),
	deploymentname: plain('default_model'),
	models: plain('models'),
	headers: plain('headers'),
	timeout: timeLimit('total'),
	timeoutseconds: timeLimit('total'),
	requesttimeout: timeLimit('total'),
	organization: option('organization'),
	organizationid: option('organization'),
	project: option('project'),
	projectid: option('project'),
	accountid: option('account_id'),
	apiversion: option('api_version'),
	region: option('region'),
	resourcename: option('resource'),
};

const ROUTING: { readonly [field: string]: Conversion } = {
	strategy: (value) => ({ field: 'strategy', value: isPriority(value) ? 'priority' : value }),
	healthcheckinterval: timeLimit('health_check_interval'),
	healthcheckintervalseconds: timeLimit('health_check_interval'),
	failoverthreshold: plain('failover_threshold'),
	maxretries: plain('retries'),
	retries: plain('retries'),
};

/** Spellings of "in order, the next when one fails". */
function isPriority(value: JsonValue): boolean {
	return typeof value === 'string' && /^(priority|prioritybased|priority[-_ ]?based|failover|fallback)$/i.test(value);
}

/** A name users can write before a slash. */
function toName(name: string): string {
	return name
		.trim()
		.replace(/[^A-Za-z0-9._:-]+/g, '-')
		.replace(/^[^A-Za-z0-9]+/, '')
		.slice(0, 64);
}

function convertProvider(entry: JsonObject, index: number, source: ConfigPath, loading: Loading): JsonObject {
	const target: ConfigPath = ['providers', index];
	const result: JsonObject = {};
	for (const [key, value] of Object.entries(entry)) {
		if (key.toLowerCase() === 'configuration' && isObject(value)) {
			convertFields(CONFIGURATION, value, { result, target, source: [...source, key], loading });
		} else convertFields(ENTRY, { [key]: value }, { result, target, source, loading });
	}
	if (result.name === undefined && typeof result.type === 'string') result.name = toName(result.type);
	const { total, ...rest } = result;
	return total === undefined ? rest : { ...rest, timeouts: { total } };
}

function convertRouting(value: JsonValue | undefined, path: ConfigPath, loading: Loading): JsonValue {
	loading.converted(['routing'], path);
	if (!isObject(value)) return value ?? {};
	const result: JsonObject = {};
	convertFields(ROUTING, value, { result, target: ['routing'], source: path, loading });
	return result;
}

interface Conversions {
	result: JsonObject;
	target: ConfigPath;
	source: ConfigPath;
	loading: Loading;
}

function convertFields(
	table: { readonly [field: string]: Conversion },
	fields: JsonObject,
	{ result, target, source, loading }: Conversions,
): void {
	for (const [key, value] of Object.entries(fields)) {
		if (value === undefined || value === null || value === '') continue;
		const lower = key.toLowerCase();
		const conversion = Object.hasOwn(table, lower) ? table[lower] : undefined;
		if (conversion === undefined) {
			loading.notice('has no counterpart in this version: ignored', [...source, key]);
			continue;
		}
		const { field, value: converted, option: isOption } = conversion(value, loading);
		const holder: JsonObject = isOption ? { ...(isObject(result.options) ? result.options : {}) } : result;
		holder[field] = converted;
		if (isOption) result.options = holder;
		const place = field === 'total' ? ['timeouts', 'total'] : isOption ? ['options', field] : [field];
		loading.converted([...target, ...place], [...source, key]);
	}
}
