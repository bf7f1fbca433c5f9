import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, runCommand } from '../../../test/support/command.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';
import { registerBench } from './index.ts';
import { median, toRun } from './measure.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterEach(() => simulators.reset());
afterAll(() => simulators.close());

function config() {
	return {
		simulate: 'never',
		providers: [
			{
				name: 'one',
				type: 'openai',
				base_url: `${simulators.url}/sim-openai/v1`,
				api_key: 'sk-sim-openai',
				default_model: 'gpt-4o-mini',
			},
			{ name: 'two', type: 'anthropic', base_url: `${simulators.url}/sim-anthropic`, api_key: 'sk-sim-anthropic' },
			{ name: 'local', type: 'openai-compatible', base_url: `${simulators.url}/sim-local/v1` },
		],
		routes: [{ name: 'smart', targets: ['one/gpt-4o'] }],
	};
}

function bench(words: readonly string[], options: RunOptions = {}): Promise<Run> {
	return runCommand(registerBench, ['bench', ...words], { files: { 'relais.json': config() }, ...options });
}

const asked = () => simulators.bill().filter((row) => row.stream);

interface Report {
	results: { model: string; target: string; runs: { ok: boolean }[]; median: { [figure: string]: number | null } }[];
}

describe('relais bench', () => {
	it("compares each provider's default or first model over several runs", async () => {
		const { out, err, code } = await bench(['--runs', '2']);
		expect(code).toBe(0);
		expect(out).toMatch(/^model +runs +first token ms +tokens\/s +total ms +in +out +cost\n/);
		expect(out).toMatch(/\none\/gpt-4o-mini +2\/2 +\d+ +\S+ +\d+ +\d+ +\d+ +\$0\.\d+\n/);
		expect(out).toMatch(/\ntwo\/claude-\S+ +2\/2 .*\$0\.\d+\n/);
		expect(out).toMatch(/\nlocal\/\S+ +2\/2 .* unknown\n/);
		expect(out).toMatch(/All 6 runs: \$0\.\d+, and 2 of unknown cost\./);
		expect(err).toMatch(/\[1\/6\] one\/gpt-4o-mini, run 1: \d+ ms\n/);
		expect(asked()).toHaveLength(6);
	});

	it('says once that a cost is not known where none is', async () => {
		const { out } = await bench(['local/gemma-3-27b', '--runs', '1']);
		expect(out).toContain('\nOne run: cost unknown.\n');
	});

	it('measures the time to the first token and the pace of a slow stream', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { latencyMs: 120, chunks: 10, chunkMs: 15 } });
		const { out } = await bench(['one/gpt-4o', '--runs', '1', '--json']);
		const [result] = (JSON.parse(out) as Report).results;
		const { firstTokenMs, totalMs, tokensPerSecond, outputTokens } = result?.median ?? {};
		expect(firstTokenMs).toBeGreaterThan(115);
		expect(totalMs).toBeGreaterThan(115 + 9 * 14);
		expect(firstTokenMs).toBeLessThan(Number(totalMs) - 100);
		const streamed = Number(totalMs) - Number(firstTokenMs);
		expect(tokensPerSecond).toBeCloseTo(((Number(outputTokens) - 1) * 1000) / streamed, 6);
	});

	it('sends the prompt and the limit asked for, once to a model named twice', async () => {
		const { out } = await bench([
			'one/gpt-4o',
			'one/gpt-4o',
			'--runs',
			'1',
			'--prompt',
			'Say hi.',
			'--max-tokens',
			'5',
			'--json',
		]);
		const { results } = JSON.parse(out) as Report;
		expect(results).toMatchObject([{ model: 'one/gpt-4o', target: 'one/gpt-4o', runs: [{ ok: true }] }]);
		expect(results[0]?.median.outputTokens).toBeLessThanOrEqual(5);
	});

	it('takes routes and says who answered', async () => {
		const { out } = await bench(['smart', '--runs', '1']);
		expect(out).toContain('smart was answered by one/gpt-4o\n');
	});

	it('shows failures beside what worked, tries the hopeless once, and does not retry in secret', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { fault: '401' } });
		simulators.addFault({ vendor: 'sim-anthropic', controls: { fault: '503', times: 1 } });
		const { out, code } = await bench([]);
		expect(out).toMatch(/\none\/gpt-4o-mini +0\/1 +- +- +- +- +- +-\n/);
		expect(out).toMatch(/\ntwo\/\S+ +2\/3 /);
		expect(out).toMatch(/\none\/gpt-4o-mini: .*refused Relais's credentials/);
		expect(code).toBe(1);
		expect(asked()).toHaveLength(7);
	});

	it('writes every run and the medians as CSV', async () => {
		const { folder } = await bench(['one/gpt-4o', '--runs', '2', '--csv', 'out.csv']);
		const lines = readFileSync(join(folder, 'out.csv'), 'utf8').split('\r\n');
		expect(lines[0]).toBe(
			'model,target,simulated,run,ok,first_token_ms,tokens_per_second,total_ms,input_tokens,output_tokens,cost_usd,error',
		);
		expect(lines[1]).toMatch(/^one\/gpt-4o,one\/gpt-4o,false,1,true,[\d.]+,[\d.]*,[\d.]+,\d+,\d+,0\.\d+,$/);
		expect(lines[3]).toMatch(/^one\/gpt-4o,one\/gpt-4o,false,median,true,/);
		expect(lines.length).toBe(5);
	});

	it('uses simulated providers when there is no other, and says so', async () => {
		const { out, code } = await bench(['--runs', '1', '--max-tokens', '8'], { files: {} });
		expect(out).toMatch(/\nsim-openai\/\S+ \(simulated\) +1\/1 /);
		expect(out).toContain('Simulated providers: no real figures');
		expect(code).toBe(0);
	});

	it('ends with the runs so far on Ctrl-C', async () => {
		simulators.addFault({ vendor: 'sim-anthropic', controls: { fault: 'silence' } });
		const { out, err } = await bench(['one/gpt-4o', 'two/claude-haiku-4-5', '--runs', '1'], {
			watch: (text, interrupt) => {
				if (text.includes('[1/2]')) setTimeout(interrupt, 20);
			},
		});
		expect(err).toContain('interrupted');
		expect(out).toMatch(/\none\/gpt-4o +1\/1 /);
		expect(out).toMatch(/\ntwo\/claude-haiku-4-5 +0\/0 /);
	});

	it('spends nothing more when nobody reads the output', async () => {
		await bench([], { gone: AbortSignal.abort() });
		expect(asked()).toEqual([]);
	});

	it.each([
		[['one/gpt-4o', 'gtp-4o-mini'], 'Did you mean'],
		[['--runs', '0'], 'give a number from 1 to 1000'],
		[['--runs', '2.5'], 'give a number from 1'],
		[['--max-tokens', 'many'], 'give a number from 1'],
		[['--prompt', ' '], 'give some text'],
		[['--csv', 'no/such/folder/a.csv'], 'cannot be written'],
	])('refuses %j before anything is spent', async (words, message) => {
		const { out, err, code } = await bench(words);
		expect(err).toContain(message);
		expect({ out, code }).toEqual({ out: '', code: 1 });
		expect(asked()).toEqual([]);
	});

	it('says what to set when there is no provider', async () => {
		const { err, code } = await bench([], { files: { 'relais.json': { simulate: 'never' } } });
		expect(err).toContain('No provider is configured');
		expect(code).toBe(1);
	});
});

describe('figures', () => {
	it('takes the middle value, or the mean of the two in the middle, of what is known', () => {
		expect(median([3, null, 1, 2])).toBe(2);
		expect(median([4, 1, 2, 3])).toBe(2.5);
		expect(median([null])).toBeNull();
	});

	it('tells no pace of an answer that came in one piece, nor of one that failed', () => {
		const answer = {
			outcome: 'completed' as const,
			totalMs: 100,
			usage: { inputTokens: 1, outputTokens: 50 },
			costUsd: null,
			error: undefined,
		};
		expect(toRun({ ...answer, firstTokenMs: 50 }).tokensPerSecond).toBeCloseTo(980, 6);
		expect(toRun({ ...answer, firstTokenMs: 99.9 }).tokensPerSecond).toBeNull();
		expect(toRun({ ...answer, firstTokenMs: 50, outcome: 'interrupted' })).toMatchObject({
			ok: false,
			tokensPerSecond: null,
			error: 'interrupted',
		});
	});
});

it('writes no file when it refuses', async () => {
	const { folder } = await bench(['nothing-like-it', '--csv', 'a.csv']);
	expect(existsSync(join(folder, 'a.csv'))).toBe(false);
});
