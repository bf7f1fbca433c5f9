import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, runCommand } from '../../../test/support/command.ts';
import type { CapabilityTable } from '../../engine/index.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';
import { registerCapabilities } from './index.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterAll(() => simulators.close());

function capabilities(words: readonly string[], options: RunOptions = {}): Promise<Run> {
	const providers = [
		{ name: 'one', type: 'openai', base_url: `${simulators.url}/sim-openai/v1`, api_key: 'sk-sim-openai' },
		{ name: 'mine', type: 'openai-compatible', base_url: `${simulators.url}/sim-local/v1` },
	];
	const files = { 'relais.json': { simulate: 'never', providers } };
	return runCommand(registerCapabilities, ['capabilities', ...words], { files, ...options });
}

describe('relais capabilities', () => {
	it('shows providers and models with what they can do and cost', async () => {
		const { out, code } = await capabilities([]);
		expect(out).toMatch(/^provider +type +kind +configured +dialects +endpoints +models +key\n/);
		expect(out).toMatch(
			/\none +openai +public-cloud +yes +openai-chat openai-responses openai-completions +chat streaming .*OPENAI_API_KEY\n/,
		);
		expect(out).toMatch(/\none\/gpt-4o +chat +128,000 +16,384 +2\.5 +10 +chat streaming tools jsonSchema vision/);
		expect(out).toMatch(/\nmine +openai-compatible +compatible/);
		expect(out).toMatch(/\n2 providers, \d+ models; state of \d{4}-/);
		expect(code).toBe(0);
	});

	it('prints the same as JSON, each model marked with whether its provider lists it', async () => {
		const { out } = await capabilities(['--json', '--provider', 'one', '--capability', 'tools,json-schema']);
		const { providers } = JSON.parse(out) as CapabilityTable;
		const models = providers[0]?.models ?? [];
		expect(new Set(models.map(({ listed }) => listed))).toEqual(new Set([true, false]));
		expect(models.every(({ capabilities: can }) => can.tools === true && can.jsonSchema === true)).toBe(true);
		const offline = JSON.parse((await capabilities(['--json', '--no-live', '--provider', 'one'])).out) as CapabilityTable;
		expect(new Set(offline.providers[0]?.models.map(({ listed }) => listed))).toEqual(new Set([null]));
	});

	it('prints Markdown whose cells nothing breaks out of', async () => {
		const files = {
			'relais.json': {
				simulate: 'never',
				providers: [{ name: 'x', type: 'openai', api_key: 'sk-x-0123456789', models: ['a|b`c<i>'] }],
			},
		};
		const { out } = await capabilities(['--markdown', '--no-live'], { files });
		expect(out).toMatch(/\| OpenAI \| `x: openai` \| public-cloud \|/);
		expect(out).toContain("| `a\\|b'c&lt;i>` | chat | ? |");
	});

	it('shows every type there could be, also without a config', async () => {
		const { out, code } = await capabilities(['--all', '--model', 'mistral/*'], { files: {} });
		expect(out).toMatch(/\nmistral +mistral +public-cloud +no +openai-chat .*MISTRAL_API_KEY\n/);
		expect(out).not.toContain('openai/');
		expect(code).toBe(0);
	});

	it('says what to do where there is nothing to show', async () => {
		const none = await capabilities([], { files: { 'relais.json': { simulate: 'never', providers: [] } } });
		expect(none).toMatchObject({ code: 1, out: '' });
		expect(none.err).toMatch(/No provider is configured.*--all/s);
		const empty = await capabilities(['--no-live', '--model', 'no-such-model']);
		expect(empty).toMatchObject({ code: 1, out: expect.stringContaining('0 providers, 0 models') });
	});

	it('names mistakes on the command line', async () => {
		expect((await capabilities(['--capability', 'flying'])).err).toMatch(/no capability "flying".*jsonSchema/);
		expect((await capabilities(['--no-live', '--provider', 'onne'])).err).toMatch(/no provider named "onne".*"one"/);
		expect((await capabilities(['--no-live', '--provider', 'zzzzzzz'])).err).toMatch(/"zzzzzzz" here\. There are one, /);
		expect((await capabilities(['--no-live', '--all', '--provider', 'zzzzzzz'])).err).toMatch(/There are .* and others\./);
	});
});
