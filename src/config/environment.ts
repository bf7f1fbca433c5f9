import { type Catalog, COMPATIBLE_TYPES, neededSettings, type ProviderRow, reach, TIERS } from '../catalog/index.ts';
import type { JsonObject } from '../spec/index.ts';
import { DEFAULT_TIMEOUTS } from './defaults.ts';
import { isListening, isLocal, originOf, wholeAddress } from './environment-address.ts';
import { type Candidate, type FoundVariable, isPreset, Variables, type VariablesInput } from './environment-variables.ts';
import type { ProviderConfig } from './types.ts';
import { settingVariables, typeVariable } from './variables.ts';

export interface EnvironmentInput extends VariablesInput {
	catalog: Catalog;
	/** Catalog dialects this version speaks. */
	dialects: ReadonlySet<string>;
	/** Provider names the file uses. */
	takenNames: ReadonlySet<string>;
	/** Where Relais itself listens: an address that leads back here is no provider. */
	own: { host: string; port: number };
	/** Priority of the first provider found. */
	firstPriority: number;
}

export interface EnvironmentProviders {
	providers: ProviderConfig[];
	notices: string[];
	/** Variables with a key for a local server whose address nobody gave, by type: of use if the server is found. */
	localKeys: { [type: string]: string };
}

/**
 * Providers whose conventional variables are set: of the catalog `env` (or `<TYPE>_API_KEY`), with `<TYPE>_BASE_URL`,
 * `<TYPE>_MODEL` and the catalog's further variables. A variable that several providers share goes to the first. What cannot be
 * used is told, never dropped in silence.
 */
export function environmentProviders(input: EnvironmentInput): EnvironmentProviders {
	const finder = new Finder(input);
	const rows = input.catalog.providers();
	for (const row of rows) finder.consider({ type: row.id, row, dialect: row.dialect });
	for (const [type, { dialect }] of Object.entries(COMPATIBLE_TYPES)) finder.consider({ type, dialect });
	const tierOf = (provider: ProviderConfig): number => {
		const tier = input.catalog.provider(provider.type)?.tier;
		return tier === undefined ? TIERS.length : TIERS.indexOf(tier);
	};
	const ordered = finder.providers.toSorted((a, b) => tierOf(a) - tierOf(b));
	return {
		providers: ordered.map((provider, index) => ({ ...provider, priority: input.firstPriority + index })),
		notices: finder.notices,
		localKeys: finder.localKeys,
	};
}

class Finder {
	readonly #input: EnvironmentInput;
	readonly #variables: Variables;
	readonly providers: ProviderConfig[] = [];
	readonly notices: string[] = [];
	readonly localKeys: { [type: string]: string } = {};

	constructor(input: EnvironmentInput) {
		this.#input = input;
		this.#variables = new Variables(input, this.notices, (type) => this.providers.some((provider) => provider.type === type));
	}

	consider(candidate: Candidate): void {
		const { type, row } = candidate;
		const address = this.#variables.address(candidate);
		const key = this.#variables.key(candidate);
		if (this.#input.takenTypes.has(type) || (key === undefined && (address === undefined || isPreset(row)))) return;
		if (row?.status === 'retired') {
			// Tokens of other uses (GITHUB_TOKEN) are no sign that anybody wants the provider.
			if (key?.variable.endsWith('_API_KEY'))
				this.notices.push(`${key.variable} is set, but ${row.name} is retired: its API no longer answers`);
			return;
		}
		const way = row === undefined ? this.#compatible(candidate) : reach(row, this.#input.dialects);
		if (way === undefined) {
			const variable = key?.variable ?? address?.variable;
			this.notices.push(
				`${variable} is set, but this version does not speak the dialect "${candidate.dialect}" of ${row?.name ?? type} yet`,
			);
			return;
		}
		if (address !== undefined && isListening(address.value, type)) {
			// Where a server listens, not that one runs: it is looked for there like any on this machine.
			this.localKeys[type] = address.variable;
			return;
		}
		const baseUrl = address === undefined ? undefined : this.#complete(address, way.baseUrl, row);
		if (baseUrl === null) return;
		if (baseUrl === undefined && isLocal(way.baseUrl)) {
			if (key !== undefined) this.localKeys[type] = key.variable;
			return;
		}
		if (baseUrl === undefined && row === undefined) {
			this.notices.push(`${key?.variable} is set, but no address: set ${typeVariable(type, 'BASE_URL')}`);
			return;
		}
		if (key === undefined && !this.#worksWithoutKey(row, baseUrl, address?.variable)) return;
		this.#add(candidate, key, address, baseUrl, way.baseUrl);
	}

	#compatible({ dialect }: Candidate): { dialect: string; baseUrl: string } | undefined {
		return this.#input.dialects.has(dialect) ? { dialect, baseUrl: '' } : undefined;
	}

	/** The address made whole; null when it cannot be used, which is told. */
	#complete(found: FoundVariable, usual: string, row: ProviderRow | undefined): string | null {
		const whole = wholeAddress(found, usual, row, this.#input.own);
		if ('address' in whole) return whole.address;
		this.notices.push(whole.refused);
		return null;
	}

	/** Whether calls can succeed without a key: at a server that asks for none, or at an address of the user's own. */
	#worksWithoutKey(row: ProviderRow | undefined, baseUrl: string | undefined, variable: string | undefined): boolean {
		if (baseUrl === undefined) return false;
		if (row === undefined || row.auth.includes('none') || new URL(baseUrl).origin !== originOf(row.baseUrl)) return true;
		this.notices.push(`${variable} is set, but no key for ${row.name}: set ${row.env[0]}`);
		return false;
	}

	#add(
		candidate: Candidate,
		key: FoundVariable | undefined,
		address: FoundVariable | undefined,
		baseUrl: string | undefined,
		usual: string,
	): void {
		const { type, row } = candidate;
		const needed = row === undefined || baseUrl !== undefined ? [] : neededSettings(row, usual);
		const { options, missing } = this.#options(row, needed);
		if (missing !== undefined) {
			// Another provider of the same vendor may have all it needs.
			if (key !== undefined && row?.envExtra.endpoint !== undefined) this.#variables.release(key.variable);
			if (this.notices.some((notice) => notice.startsWith(`${key?.variable} is set, but`))) return;
			this.notices.push(`${key?.variable} is set, but ${row?.name} also needs ${missing}: the provider is left out`);
			return;
		}
		if (this.#input.takenNames.has(type)) {
			this.notices.push(`${key?.variable ?? address?.variable} is not used: the config has another provider named "${type}"`);
			return;
		}
		if (row?.auth === 'x-api-key' && key?.variable.endsWith('_AUTH_TOKEN')) options.auth = 'bearer';
		const model = this.#input.env[typeVariable(type, 'MODEL')]?.trim() || deploymentIn(options);
		this.providers.push({
			name: type,
			type,
			enabled: true,
			priority: 0,
			...(key !== undefined && { apiKey: key.value }),
			...(baseUrl !== undefined && { baseUrl }),
			...(model !== undefined && { defaultModel: model }),
			models: [],
			timeouts: { ...DEFAULT_TIMEOUTS },
			limits: {},
			headers: {},
			options,
			origin: `environment (${key?.variable ?? address?.variable})`,
		});
	}

	/** Further settings found, and the variable to set for a placeholder nothing fills. */
	#options(row: ProviderRow | undefined, needed: string[]): { options: JsonObject; missing?: string } {
		const options: JsonObject = {};
		if (row === undefined) return { options };
		const found = settingVariables(row, this.#input.env);
		for (const [setting, { value }] of Object.entries(found))
			options[setting] = needed.includes(setting) ? hostOnly(value) : value;
		const lacking = needed.find((setting) => options[setting] === undefined);
		if (lacking === undefined) return { options };
		const variables = row.envExtra.endpoint ?? row.envExtra[lacking];
		return { options, missing: variables?.[0] ?? typeVariable(row.id, lacking.toUpperCase()) };
	}
}

/** The deployment a provider is to use where a request names none. */
export function deploymentIn({ deployment }: JsonObject): string | undefined {
	return typeof deployment === 'string' && deployment !== '' ? deployment : undefined;
}

/** `https://host/` as `host`, for addresses that hold only the host's place. */
function hostOnly(value: string): string {
	return value.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}
