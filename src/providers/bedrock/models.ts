/** Prefixes of inference profiles: the geography calls may be routed in. */
const GEOGRAPHY = /^(us-gov|us|eu|apac|jp|au|ca|sa|me|af|il|global)\.(?=[a-z0-9-]+\.)/;

/**
 * The vendor's model behind an id: `us.anthropic.claude-x-v1:0`, and the ARN of a profile or a model that ends in such an id, stand
 * for `anthropic.claude-x-v1:0`. An application's own profile has an ARN that says nothing of its model: see `ProfileBook`.
 */
export function baseModel(id: string): string {
	const name = id.startsWith('arn:') ? (id.split('/').at(-1) ?? id) : id;
	return name.replace(GEOGRAPHY, '');
}

/** Who made a model, and what is its family: `anthropic.claude-sonnet-5` gives `anthropic` and `claude-sonnet-5`. */
export function familyOf(id: string): { maker: string; name: string } {
	const base = baseModel(id);
	const dot = base.indexOf('.');
	return dot < 0 ? { maker: '', name: base } : { maker: base.slice(0, dot), name: base.slice(dot + 1) };
}

/** Prefixes of the profiles of a region's geography, by the region's beginning; `global` is everywhere. */
const PROFILES: readonly [region: string, prefix: string][] = [
	['us-gov-', 'us-gov'],
	['us-', 'us'],
	['ca-', 'us'],
	['eu-', 'eu'],
	['ap-northeast-1', 'jp'],
	['ap-southeast-2', 'au'],
	['ap-', 'apac'],
];

/** The profile of a model that a region most likely has. */
export function usualProfile(model: string, region: string): string {
	const prefix = PROFILES.find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'global';
	return `${prefix}.${baseModel(model)}`;
}

/** Which model stands behind each of an account's own profiles, as far as its list has told. */
export class ProfileBook {
	readonly #models = new Map<string, string>();

	note(profile: string, model: string): void {
		this.#models.set(profile, model);
	}

	/** The vendor's model behind an id. */
	resolve(id: string): string {
		return baseModel(this.#models.get(id) ?? id);
	}
}
