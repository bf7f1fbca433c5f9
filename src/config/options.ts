import type { Catalog } from '../catalog/index.ts';
import type { Probe } from './local.ts';

/** What the command line may set, above the environment and the file. */
export interface Overrides {
	port?: number;
	host?: string;
	dataDir?: string;
}

/** What the caller of a load decides. */
export interface BuildOptions {
	overrides: Overrides;
	/** Unix time in ms, by which models are retired or not; default: the machine's. */
	now?: () => number;
	/** False: looks for no local servers. */
	discover?: boolean;
	/** Stand-in for `fetch` when looking for local servers. */
	probe?: Probe;
}

/** What to load a config from. */
export interface LoadConfigOptions extends BuildOptions {
	/** The config file; absent: RELAIS_CONFIG, else relais.yaml, relais.yml or relais.json of `cwd`, else the environment alone. */
	path?: string;
	cwd: string;
	env: { readonly [name: string]: string | undefined };
	catalog?: Catalog;
	/** Catalog dialects this version speaks. */
	dialects?: ReadonlySet<string>;
}
