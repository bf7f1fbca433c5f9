import { type JsonObject, type JsonValue, type ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { BodyRule } from '../rules.ts';

/** Variables of a process. */
export interface Variables {
	readonly [name: string]: string | undefined;
}

/** Settings that are also found in variables, most usual first (catalog, row `watsonx`). */
const VARIABLES = {
	project_id: ['WATSONX_PROJECT_ID', 'WX_PROJECT_ID'],
	space_id: ['WATSONX_SPACE_ID', 'WATSONX_DEPLOYMENT_SPACE_ID'],
	token: ['WATSONX_TOKEN', 'WATSONX_AI_BEARER_TOKEN'],
} as const satisfies { [setting: string]: readonly string[] };

/** A setting of the config, else of the environment. */
export function settingOf(
	settings: ProviderSettings,
	name: keyof typeof VARIABLES,
	env: Variables = process.env,
): string | undefined {
	return text(settings, name) ?? VARIABLES[name].map((variable) => env[variable]?.trim()).find(Boolean);
}

/** A setting of the config that is a text. */
export function text({ options }: ProviderSettings, name: string): string | undefined {
	const value = options[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The version of the API calls are made for. */
const VERSION = '2025-02-11';

/** The API's version, a date. Throws `config_invalid` for what is none. */
export function versionOf(settings: ProviderSettings): string {
	const stated = settings.options.version ?? settings.options.api_version ?? VERSION;
	if (typeof stated === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(stated)) return stated;
	throw invalid(settings, 'options.version must be a date like 2025-02-11');
}

function invalid({ name }: ProviderSettings, message: string): RelaisError {
	return new RelaisError('config_invalid', `provider "${name}": ${message}`, { provider: name });
}

function positive(settings: ProviderSettings, name: string, value: JsonValue): number {
	if (Number.isInteger(value) && Number(value) > 0) return Number(value);
	throw invalid(settings, `options.${name} must be a whole number above 0`);
}

/**
 * Where a request belongs (a project, or a deployment space where there is none) and limits of the config, laid under each body:
 * what the request says itself goes before.
 */
export function watsonxSettings(settings: ProviderSettings): readonly BodyRule[] {
	const { time_limit: time, max_tokens: tokens } = settings.options;
	const space = text(settings, 'space_id');
	const project = text(settings, 'project_id') ?? (space === undefined ? settingOf(settings, 'project_id') : undefined);
	const place: JsonObject =
		project === undefined ? { space_id: space ?? settingOf(settings, 'space_id') } : { project_id: project };
	const limits: JsonObject = {};
	if (time !== undefined) limits.time_limit = positive(settings, 'time_limit', time);
	const most = tokens === undefined ? undefined : positive(settings, 'max_tokens', tokens);
	return [
		(context) => {
			const placed = ['project_id', 'space_id'].some((field) => context.get(field) !== undefined);
			for (const [field, value] of Object.entries({ ...(placed ? {} : place), ...limits }))
				if (value !== undefined && context.get(field) === undefined) context.set(field, value);
			const limited = ['max_tokens', 'max_completion_tokens'].some((field) => context.get(field) !== undefined);
			if (most !== undefined && !limited) context.set('max_tokens', most);
		},
	];
}
