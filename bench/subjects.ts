import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './harness/children.ts';
import { BRIEF_MODEL, MODEL } from './payloads.ts';

/** What can be measured: a gateway that takes OpenAI's chat requests. */
export interface Subject {
	name: string;
	/** Headers of a client, its key among them. */
	headers: { [name: string]: string };
	/** Model that is served by a vendor of the client's dialect. */
	model: string;
	/** The same, of short streams. */
	briefModel: string;
	/** Models that are served by vendors of other dialects; undefined where the subject cannot translate. */
	translated: { anthropic: string; gemini: string } | undefined;
	start(folder: string, port: number, upstreamPort: number): Child;
}

export const BENCH_KEY = 'bench-key-0123456789abcdef';
const headers = { authorization: `Bearer ${BENCH_KEY}` };

function relaisConfig(folder: string, port: number, upstreamPort: number): string {
	const upstream = `http://127.0.0.1:${upstreamPort}`;
	return `
server: { host: 127.0.0.1, port: ${port}, workers: 1 }
auth: { mode: keys }
data_dir: ${join(folder, 'data')}
simulate: never
providers:
  - { name: same, type: openai-compatible, base_url: ${upstream}/v1, api_key: upstream-key, models: [${MODEL}, ${BRIEF_MODEL}] }
  - { name: anthropic, type: anthropic-compatible, base_url: ${upstream}, api_key: upstream-key, models: [${MODEL}] }
  - { name: gemini, type: gemini, base_url: ${upstream}/v1beta, api_key: upstream-key, models: [${MODEL}] }
keys:
  - { name: bench, key: ${BENCH_KEY}, models: ["*"] }
`;
}

/** The environment without what would configure Relais behind the file's back. */
function plainEnvironment(): NodeJS.ProcessEnv {
	const unwanted = Object.keys(process.env).filter((name) => /^RELAIS_|_API_KEY$|_BASE_URL$|_HOST$/.test(name));
	return { ...Object.fromEntries(unwanted.map((name) => [name, undefined])), NODE_ENV: 'production' };
}

const relais: Subject = {
	name: 'Relais',
	headers,
	model: `same/${MODEL}`,
	briefModel: `same/${BRIEF_MODEL}`,
	translated: { anthropic: `anthropic/${MODEL}`, gemini: `gemini/${MODEL}` },
	start(folder, port, upstreamPort) {
		mkdirSync(folder, { recursive: true });
		const config = join(folder, 'relais.yaml');
		writeFileSync(config, relaisConfig(folder, port, upstreamPort));
		const program = fileURLToPath(new URL('../bin/relais.js', import.meta.url));
		const args = [program, 'serve', '--config', config, '--port', String(port), '--host', '127.0.0.1'];
		return Child.start(process.execPath, args, 'subject', { env: plainEnvironment(), cwd: folder });
	},
};

/** The bare Fastify proxy: a baseline, and in Relais's place a check of the bench. */
export const bareProxy: Subject = {
	name: 'bare proxy',
	headers,
	model: MODEL,
	briefModel: BRIEF_MODEL,
	translated: undefined,
	start(_folder, port, upstreamPort) {
		const script = new URL('./baselines/bare-proxy.ts', import.meta.url);
		return Child.script(script, [String(port), String(upstreamPort), BENCH_KEY], 'subject');
	},
};

const SUBJECTS: { [name: string]: Subject } = { relais, bare: bareProxy };

export function subjectOf(name: string): Subject {
	const subject = SUBJECTS[name];
	if (subject === undefined) throw new Error(`there is no subject "${name}"; there are: ${Object.keys(SUBJECTS).join(', ')}`);
	return subject;
}
