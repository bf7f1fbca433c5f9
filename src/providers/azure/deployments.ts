import { isObject } from '../../lib/json.ts';
import { type ProviderSettings, RelaisError } from '../../spec/index.ts';

/** Names of models within names of deployments (`prod-gpt-5-mini-eu`), longest first where one holds another. */
const WITHIN: readonly RegExp[] = [
	/claude-(?:[a-z]+-\d+(?:-\d{1,2})?(?!\d)|\d(?:-\d)?-[a-z]+)/,
	/gpt-?(?:\d[\d.]*o?|oss-\d+b)(?:-(?:mini|nano|pro|codex|chat|turbo|luna|sol|terra|deep-research))*/,
	/(?<![a-z0-9])o[134](?:-(?:mini|pro|preview|deep-research))*(?![a-z0-9])/,
	/(?:deepseek|grok|llama|mistral|ministral|codestral|phi|kimi|cohere|mai|text-embedding)-[a-z0-9.-]+/,
];

/** The model that a deployment's name speaks of, in the catalog's spelling; undefined where it speaks of none. */
export function modelInName(deployment: string): string | undefined {
	const plain = deployment.toLowerCase().replaceAll('_', '-');
	for (const pattern of WITHIN) {
		const found = pattern.exec(plain)?.[0];
		// "gpt5", "gpt4o": the dash is often left out.
		if (found !== undefined) return found.replace(/^gpt-?(?=\d)/, 'gpt-').replace(/[.-]+$/, '');
	}
	return undefined;
}

/** The option `deployments`, from deployment to model. Throws `config_invalid` when it is not that. */
function statedModels(settings: ProviderSettings): ReadonlyMap<string, string> {
	const { deployments } = settings.options;
	if (deployments === undefined || deployments === null) return new Map();
	const stated = new Map<string, string>();
	const entries = isObject(deployments) ? Object.entries(deployments) : [['', null] as const];
	for (const [deployment, model] of entries) {
		if (typeof model === 'string' && model !== '') stated.set(deployment, model);
		else {
			const message = `provider "${settings.name}": options.deployments must map deployments to models, like { my-deployment: gpt-5 }`;
			throw new RelaisError('config_invalid', message, { provider: settings.name });
		}
	}
	return stated;
}

/**
 * Tells the model behind a deployment: what the option `deployments` says, else the model its own name speaks of, else the one that
 * its name under `models` speaks of.
 * @param pinned deployment that answers whatever the model
 */
export function modelBehind(settings: ProviderSettings, pinned: string | undefined): (deployment: string) => string {
	const stated = statedModels(settings);
	const names = new Map(settings.models.map(({ alias, id }) => [id, alias]));
	const told = (deployment: string): string | undefined => {
		return stated.get(deployment) ?? modelInName(deployment) ?? modelInName(names.get(deployment) ?? '');
	};
	return (model) => (pinned === undefined ? undefined : told(pinned)) ?? told(model) ?? model;
}
