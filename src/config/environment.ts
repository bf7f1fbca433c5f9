import {
	type Catalog,
	COMPATIBLE_TYPES,
	completeAddress,
	isLoopback,
	LOCAL_SERVERS,
	mayHaveQuery,
	neededSettings,
	type ProviderRow,
	reach,
	TIERS,
	usableKey,
} from '../catalog/index.ts';
import type { JsonObject } from '../spec/index.ts';
import { DEFAULT_TIMEOUTS } from './defaults.ts';
import type { ProviderConfig } from './types.ts';
import { addressVariables, fitsHeader, keyVariables, settingVariables, typeVariable } from './variables.ts';

export interface EnvironmentInput {
	env: { readonly [name: string]: string | undefined };
	catalog: Catalog;
	/** Catalog dialects this version speaks. */
	dialects: ReadonlySet<string>;
	/** Types the file already has, and provider names it uses. */
	takenTypes: ReadonlySet<string>;
	takenNames: ReadonlySet<string>;
	/** Variables the file takes values from: what they hold is spoken for. */
	takenVariables: ReadonlySet<string>;
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

/** A provider type as the environment may name it. */
interface Candidate {
	type: string;
	row?: ProviderRow;
	dialect: string;
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

interface FoundKey {
	variable: string;
	value: string;
}

/** An address that servers listen on and nobody can call. */
const LISTENING = /^(https?:\/\/)?(0\.0\.0\.0|\[::\])(:\d+)?\/?$/;

class Finder {
	readonly #input: EnvironmentInput;
	readonly providers: ProviderConfig[] = [];
	readonly notices: string[] = [];
	readonly localKeys: { [type: string]: string } = {};
	/** Variable to the type that has it. */
	readonly #claimed = new Map<string, string>();

	constructor(input: EnvironmentInput) {
		this.#input = input;
	}

	consider(candidate: Candidate): void {
		const { type, row } = candidate;
		const address = this.#address(candidate);
		const key = this.#key(candidate);
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
		if (address !== undefined && LISTENING.test(address.value) && LOCAL_SERVERS.some((server) => server.type === type)) {
			// Where a server listens, not that one runs: it is looked for there like any on this machine.
			this.localKeys[type] = address.variable;
			return;
		}
		const baseUrl = address === undefined ? undefined : this.#complete(address, way.baseUrl, row);
		if (baseUrl === null) return;
		if (baseUrl === undefined && this.#isLocal(way.baseUrl)) {
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

	/** The variable that gives the address, with its value. */
	#address({ type, row }: Candidate): FoundKey | undefined {
		for (const variable of addressVariables(type, row)) {
			const value = this.#input.env[variable]?.trim();
			if (value !== undefined && value !== '' && !this.#input.takenVariables.has(variable)) return { variable, value };
		}
		return undefined;
	}

	/** The first variable with a usable key that no other provider has. */
	#key({ type, row }: Candidate): FoundKey | undefined {
		for (const variable of isPreset(row) ? [typeVariable(type, 'API_KEY')] : keyVariables(type, row)) {
			const value = this.#input.env[variable];
			if (value === undefined || this.#input.takenVariables.has(variable)) continue;
			const owner = this.#claimed.get(variable);
			if (owner !== undefined) {
				if (!this.#input.takenTypes.has(type)) this.#shared(variable, owner, type);
				continue;
			}
			this.#claimed.set(variable, type);
			const usable = usableKey(value);
			if (usable !== undefined && fitsHeader(usable)) return { variable, value: usable };
			if (!this.#input.takenTypes.has(type)) this.notices.push(`${variable} is ignored: it ${whyNoKey(value)}`);
		}
		return undefined;
	}

	#shared(variable: string, owner: string, type: string): void {
		if (usableKey(this.#input.env[variable]) === undefined || !this.providers.some((provider) => provider.type === owner)) return;
		this.notices.push(
			`${variable} is used for ${owner}; it may also be meant for ${type}: if so, declare that provider in the config`,
		);
	}

	/** The address made whole; null when it cannot be used, which is told. */
	#complete(address: FoundKey, usual: string, row: ProviderRow | undefined): string | null {
		const complete = completeAddress(address.value, usual === '' ? undefined : usual);
		if (complete === undefined) {
			this.notices.push(`${address.variable} is not an address: the provider is left out`);
			return null;
		}
		const url = new URL(complete);
		if (url.username !== '' || url.password !== '' || !mayHaveQuery(url, row)) {
			this.notices.push(
				`${address.variable} holds a user, a password or a query, which an address cannot: the provider is left out`,
			);
			return null;
		}
		if (leadsBack(url, this.#input.own)) {
			this.notices.push(`${address.variable} is Relais's own address: the provider is left out`);
			return null;
		}
		return complete;
	}

	#isLocal(baseUrl: string): boolean {
		const plain = baseUrl.replace(/\{\w+\}/g, 'x');
		return URL.canParse(plain) && isLoopback(new URL(plain).hostname);
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
		key: FoundKey | undefined,
		address: FoundKey | undefined,
		baseUrl: string | undefined,
		usual: string,
	): void {
		const { type, row } = candidate;
		const needed = row === undefined || baseUrl !== undefined ? [] : neededSettings(row, usual);
		const { options, missing } = this.#options(row, needed);
		if (missing !== undefined) {
			// Another provider of the same vendor may have all it needs.
			if (key !== undefined && row?.envExtra.endpoint !== undefined) this.#claimed.delete(key.variable);
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

/** Whether a row is another name for a provider of the catalog, which has the variables. */
function isPreset(row: ProviderRow | undefined): boolean {
	return row !== undefined && row.aliases.length > 0;
}

/** The deployment a provider is to use where a request names none. */
export function deploymentIn({ deployment }: JsonObject): string | undefined {
	return typeof deployment === 'string' && deployment !== '' ? deployment : undefined;
}

/** `https://host/` as `host`, for addresses that hold only the host's place. */
function hostOnly(value: string): string {
	return value.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

function originOf(baseUrl: string): string | undefined {
	return URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
}

/** Whether an address is Relais's own, so that a request would go round in circles. */
export function leadsBack(url: URL, own: { host: string; port: number }): boolean {
	const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
	const host = url.hostname.replace(/^\[|\]$/g, '');
	return (
		own.port !== 0 && port === own.port && (isLoopback(url.hostname) || host === '0.0.0.0' || host === '::' || host === own.host)
	);
}

/** What is wrong with a variable's value that was meant as a key. */
function whyNoKey(value: string): string {
	if (value.trim() === '') return 'is empty';
	if (usableKey(value) === undefined) return 'holds a placeholder, not a key';
	return 'holds spaces or characters that no key has';
}
