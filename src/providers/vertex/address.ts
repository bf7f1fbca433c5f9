import { type ProviderSettings, RelaisError } from '../../spec/index.ts';

/** Where a project's models are called. */
export interface VertexPlace {
	/** Scheme, host and whatever the config puts before the API's own path. */
	root: string;
	/** Project and location below the root, version included. */
	path: string;
	/** Whether the host is one of the vendor's own, to which its tools' credentials may go unasked. */
	ownHost: boolean;
}

/** Stands in a path for a project that only the credentials know. */
export const UNKNOWN_PROJECT = '-';
const DEFAULT_LOCATION = 'global';
const DEFAULT_VERSION = 'v1';
/** Locations of several regions, which have hosts of another form. */
const MULTI_REGION: ReadonlySet<string> = new Set(['us', 'eu']);
/** Public hosts, those of several regions, and private ones; under other names of the domain customers' files answer. */
const OWN_HOST = /^https:\/\/(?:[\w-]+-)?aiplatform(?:\.\w+\.rep|[\w-]*\.p)?\.googleapis\.com(?:[:/]|$)/i;

/** The host of a location (catalog, `regionUrls` and quirks of the row `vertex-ai`). */
function hostOf(location: string): string {
	if (location === DEFAULT_LOCATION) return 'https://aiplatform.googleapis.com';
	if (MULTI_REGION.has(location)) return `https://aiplatform.${location}.rep.googleapis.com`;
	return `https://${location}-aiplatform.googleapis.com`;
}

/** An option that becomes part of an address. Throws `config_invalid` where it could not be one. */
function part(settings: ProviderSettings, option: string, usual: string): string {
	const value = settings.options[option] ?? usual;
	if (typeof value === 'string' && /^[\w.:-]+$/.test(value)) return value;
	const message = `provider "${settings.name}": options.${option} must be a name of letters, digits and dashes`;
	throw new RelaisError('config_invalid', message, { provider: settings.name });
}

/**
 * Where calls go. A base URL replaces the vendor's host; it may go on with the version, and with project and location.
 * @param express keys of express mode belong to no project
 */
export function placeOf(settings: ProviderSettings, express: boolean): VertexPlace {
	const location = part(settings, 'location', DEFAULT_LOCATION);
	const given = settings.baseUrl?.replace(/\/+$/, '');
	const version = /\/(v\d+[a-z0-9]*)(?=\/|$)/.exec(given ?? '')?.[1] ?? part(settings, 'api_version', DEFAULT_VERSION);
	const project = express ? '' : `/projects/${part(settings, 'project', UNKNOWN_PROJECT)}/locations/${location}`;
	const ownHost = given === undefined || OWN_HOST.test(given);
	if (given === undefined) return { root: hostOf(location), path: `/${version}${project}`, ownHost };
	if (given.includes('/projects/')) return { root: given, path: '', ownHost };
	return { root: given.replace(/\/v\d+[a-z0-9]*$/, ''), path: `/${version}${project}`, ownHost };
}
