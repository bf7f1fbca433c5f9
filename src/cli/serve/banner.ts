import { loadCatalog, reach, SPOKEN_DIALECTS } from '../../catalog/index.ts';
import type { ProviderConfig } from '../../config/index.ts';
import type { Relais } from '../../engine/index.ts';
import { talks } from '../in-process/index.ts';
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
	const lines = [
		'',
		`  Relais ${facts.version} is running at ${facts.url}${everywhere(facts.url) ? ' (every address of this machine)' : ''}`,
		'',
	];
	lines.push(...field('config', facts.configFile ?? 'none (the environment and what was found)'));
	lines.push(...field('providers', ...describeProviders(providers)));
	lines.push(...field('key', describeKey(facts)));
	for (const notice of facts.notices) lines.push(...field('note', notice));
	const prelude = bearer(facts) === KEY_VARIABLE ? '  Try it (one of your keys in RELAIS_KEY):' : '  Try it:';
	lines.push('', prelude, '', curlLine(facts), '', ...nextSteps(providers, facts), '');
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
	const width = Math.max(...providers.map((provider) => provider.name.length));
	return providers.map(({ name, simulated: demo, origin }) => `${name.padEnd(width)}  ${demo === true ? 'simulated' : origin}`);
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

/** Stands for a key the banner must not show. */
const KEY_VARIABLE = '$RELAIS_KEY';

/** What to send as the key; undefined where none is needed. */
function bearer({ key, relais }: BannerFacts): string | undefined {
	return key?.key ?? (relais.state.config.auth.mode === 'open' ? undefined : KEY_VARIABLE);
}

/** A line to paste: streams an answer from the first model there is. */
function curlLine(facts: BannerFacts): string {
	const body = JSON.stringify({
		model: exampleModel(facts.relais),
		stream: true,
		messages: [{ role: 'user', content: 'Say hello to Relais.' }],
	});
	const token = bearer(facts);
	const authorization = token === undefined ? '' : ` -H "authorization: Bearer ${token}"`;
	const address = `${reachable(facts.url)}/v1/chat/completions`;
	// A bracket means something to some shells.
	const target = address.includes('[') ? quoted(address) : address;
	return `curl -N ${target}${authorization} -H "content-type: application/json" -d ${quoted(body)}`;
}

/** Text for a shell and a terminal: names of models come from other servers, and the line will be pasted. */
function quoted(text: string): string {
	const printable = text.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
	return `'${printable.replaceAll("'", String.raw`'\''`)}'`;
}

/** Whether the server listens on every address there is. */
function everywhere(url: string): boolean {
	return ['0.0.0.0', '[::]'].includes(new URL(url).hostname);
}

/** An address this machine can call. */
function reachable(url: string): string {
	return everywhere(url) ? url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:') : url;
}

function exampleModel(relais: Relais): string {
	const { config, table } = relais.state;
	const withDefault = config.providers.find((provider) => provider.enabled && provider.defaultModel !== undefined);
	if (withDefault !== undefined) return `${withDefault.name}/${withDefault.defaultModel}`;
	for (const { name, resolution } of table.entries()) if (talks(resolution.targets[0]?.info)) return name;
	return 'provider/model';
}

function nextSteps(providers: readonly ProviderConfig[], facts: BannerFacts): string[] {
	if (providers.some((provider) => provider.simulated !== true))
		return [`  Models: GET ${reachable(facts.url)}/v1/models    Stop: Ctrl-C`];
	const [first, ...others] = keyVariables();
	return [
		'  Add a real provider: set its key and start again, for example',
		'',
		`  ${first}=... npm start        (or ${others.join(', ')}, ...; a .env file works too)`,
		'',
		`  Models: GET ${reachable(facts.url)}/v1/models    Stop: Ctrl-C`,
	];
}

/** The variables of a few well-known vendors, as the catalog ranks them. */
function keyVariables(): string[] {
	const hosted = loadCatalog()
		.providers()
		.filter((row) => row.status === undefined && row.kind === 'public-cloud' && reach(row, SPOKEN_DIALECTS) !== undefined);
	return hosted.flatMap((row) => row.env.slice(0, 1)).slice(0, 4);
}
