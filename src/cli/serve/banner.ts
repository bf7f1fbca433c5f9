import { loadCatalog, reach, SPOKEN_DIALECTS } from '../../catalog/index.ts';
import type { ProviderConfig } from '../../config/index.ts';
import type { Relais } from '../../engine/index.ts';
import type { OwnKey } from './access.ts';

/** What the banner tells. */
export interface BannerFacts {
	url: string;
	version: string;
	relais: Relais;
	key: OwnKey | undefined;
	/** Things worth knowing that the config check found. */
	notices: readonly string[];
	configFile: string | undefined;
}

/** The lines printed once the server listens: what was found, how to try it, what to do next. */
export function banner(facts: BannerFacts): string {
	const { config } = facts.relais.state;
	const providers = config.providers.filter((provider) => provider.enabled);
	const lines = ['', `  Relais ${facts.version} is running at ${facts.url}`, ''];
	lines.push(...field('config', facts.configFile ?? 'none (the environment and what was found)'));
	lines.push(...field('providers', ...describeProviders(providers)));
	lines.push(...field('key', describeKey(facts)));
	for (const notice of facts.notices) lines.push(...field('note', notice));
	lines.push('', '  Try it:', '', curlLine(facts), '', ...nextSteps(providers, facts), '');
	return lines.join('\n');
}

function field(name: string, ...values: string[]): string[] {
	return values.map((value, index) => `  ${(index === 0 ? name : '').padEnd(10)} ${value}`);
}

function describeProviders(providers: readonly ProviderConfig[]): string[] {
	if (providers.length === 0) return ['none: requests will fail until one is configured'];
	const simulated = providers.filter((provider) => provider.simulated === true);
	if (simulated.length === providers.length) {
		return [
			`no provider: ${countWord(simulated.length)} simulated ones are running (${simulated.map((provider) => provider.name).join(', ')})`,
		];
	}
	return providers.map((provider) => `${provider.name} (${provider.simulated ? 'simulated' : provider.origin})`);
}

function countWord(count: number): string {
	return ['zero', 'one', 'two', 'three', 'four', 'five'][count] ?? String(count);
}

function describeKey({ key, relais }: BannerFacts): string {
	if (key?.name === 'demo') return `${key.key} (demo key: simulated answers only)`;
	if (key !== undefined) return `${key.key} (kept in ${key.file})`;
	const { auth, keys } = relais.state.config;
	return auth.mode === 'open'
		? 'none needed (auth.mode: open)'
		: `${keys.length} from the config (${keys.map((entry) => entry.name).join(', ')})`;
}

/** A line to paste: streams an answer from the first model there is. */
function curlLine({ url, key, relais }: BannerFacts): string {
	const body = JSON.stringify({
		model: exampleModel(relais),
		stream: true,
		messages: [{ role: 'user', content: 'Say hello to Relais.' }],
	});
	const bearer = key?.key ?? (relais.state.config.auth.mode === 'open' ? undefined : '$RELAIS_KEY');
	const authorization = bearer === undefined ? '' : ` -H "authorization: Bearer ${bearer}"`;
	return `curl -N ${url}/v1/chat/completions${authorization} -H "content-type: application/json" -d '${body}'`;
}

function exampleModel(relais: Relais): string {
	const { config, table } = relais.state;
	const withDefault = config.providers.find((provider) => provider.enabled && provider.defaultModel !== undefined);
	if (withDefault !== undefined) return `${withDefault.name}/${withDefault.defaultModel}`;
	for (const { name, resolution } of table.entries()) if (resolution.targets[0]?.info?.deprecated !== true) return name;
	return 'provider/model';
}

function nextSteps(providers: readonly ProviderConfig[], facts: BannerFacts): string[] {
	if (providers.some((provider) => provider.simulated !== true)) return [`  Models: GET ${facts.url}/v1/models    Stop: Ctrl-C`];
	const [first, ...others] = keyVariables();
	return [
		'  Add a real provider: set its key and start again, for example',
		'',
		`  ${first}=... npm start        (or ${others.join(', ')}, ...; a .env file works too)`,
		'',
		`  Models: GET ${facts.url}/v1/models    Stop: Ctrl-C`,
	];
}

/** The variables of a few well-known vendors, as the catalog ranks them. */
function keyVariables(): string[] {
	const hosted = loadCatalog()
		.providers()
		.filter((row) => row.status === undefined && row.kind === 'public-cloud' && reach(row, SPOKEN_DIALECTS) !== undefined);
	return hosted.flatMap((row) => row.env.slice(0, 1)).slice(0, 4);
}
