import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { temporaryFolder } from '../cli/program.ts';
import { type Outcome, outcome, repository } from './project.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterAll(() => simulators.close());

/** Runs the live tests in a folder of their own; only these variables, and those every program needs, come through. */
function live(env: { [name: string]: string }, ...args: string[]): Promise<Outcome> {
	const folder = temporaryFolder();
	const child = spawn(process.execPath, [join(repository, 'test/live/run.ts'), ...args], {
		cwd: folder,
		env: { PATH: process.env.PATH ?? '', HOME: folder, RELAIS_DISCOVER: 'off', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	return outcome(child);
}

const claude = (key: string) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: `${simulators.url}/sim-anthropic` });

describe('the live tests', { timeout: 60_000 }, () => {
	it('run the conformance suite and scenarios against each provider whose key is set, and say what it cost', async () => {
		const { stdout, stderr, code } = await live(claude('sk-sim-anthropic'));
		expect(stderr).toBe('');
		expect(stdout).toMatch(/\nanthropic \(Anthropic\): claude-/);
		expect(stdout).toMatch(/passed {2}answers a chat with content, a stop reason and usage\n/);
		expect(stdout).toMatch(/passed {2}streams a tool call and takes its result\n/);
		expect(stdout).toMatch(/passed {2}keeps to a JSON schema\n/);
		expect(stdout).not.toMatch(/^ {2}failed/m);
		expect(stdout).toMatch(/\n {2}\d+ answers, \d+ tokens in, \d+ out, \$0\.\d+\n/);
		expect(stdout).toMatch(/\n1 providers tested, 0 checks failed, \d+ providers skipped; cost \$0\.\d+\n$/);
		expect(code).toBe(0);
	});

	it('skip everything else by name, with the reason', async () => {
		const { stdout, code } = await live({});
		expect(stdout).toMatch(/\n {2}openai: OPENAI_API_KEY is not set\n/);
		expect(stdout).toMatch(/\n {2}ollama: no such server answers on its usual port\n/);
		expect(stdout).toMatch(/\n {2}github-models: its API no longer answers\n/);
		expect(stdout).toMatch(/\n0 providers tested, 0 checks failed/);
		expect(code).toBe(0);
		const other = await live(claude('sk-sim-anthropic'), '--only', 'openai');
		expect(other.stdout).toMatch(/\n {2}anthropic: not asked for\n/);
	});

	it('fail where a provider does, and print no key', async () => {
		const { stdout, code } = await live(claude('sk-wrong-key-0123456789'));
		expect(stdout).toMatch(/\n {2}failed {2}reports that it is healthy: .*ANTHROPIC_API_KEY.*; nothing else was tried\n/);
		expect(stdout).toContain('\n1 providers tested, 1 checks failed');
		expect(stdout).not.toContain('sk-wrong');
		expect(code).toBe(1);
	});
});
