import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, runCommand } from '../../../test/support/command.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';
import { registerChat } from './index.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterEach(() => simulators.reset());
afterAll(() => simulators.close());

function config() {
	const one = { name: 'one', type: 'openai', base_url: `${simulators.url}/sim-openai/v1`, api_key: 'sk-sim-openai' };
	return {
		simulate: 'never',
		routing: { retries: 0 },
		providers: [
			{ ...one, default_model: 'gpt-4o' },
			{ name: 'two', type: 'anthropic', base_url: `${simulators.url}/sim-anthropic`, api_key: 'sk-sim-anthropic' },
			{ name: 'local', type: 'openai-compatible', base_url: `${simulators.url}/sim-local/v1` },
		],
		routes: [{ name: 'smart', targets: ['one/gpt-4o'], fallbacks: ['two/claude-haiku-4-5'] }],
	};
}

function chat(input: NonNullable<RunOptions['input']>, words: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
	return runCommand(registerChat, ['chat', ...words], { files: { 'relais.json': config() }, input, ...options });
}

const asked = () => simulators.bill().filter(({ path }) => path.endsWith('/completions') || path.endsWith('/messages'));

describe('relais chat', () => {
	it('answers a question a line from a pipe, with what each took beside it', async () => {
		const { out, err, code } = await chat(['What is Relais?', '', 'And now?']);
		expect(code).toBe(0);
		expect(out.trimEnd().split('\n')).toHaveLength(2);
		expect(out).toMatch(/^Simulated answer from sim-openai/);
		expect(err).toMatch(/^-- one\/gpt-4o · \d+ in, \d+ out · \d\.\d\d s \(first token \d\.\d\d s\) · \$0\.\d+\n/);
		const [first, second] = asked();
		expect(second?.usage?.inputTokens).toBeGreaterThan(2 * (first?.usage?.inputTokens ?? Number.NaN));
	});

	it('answers in one piece with --no-stream', async () => {
		const { out, err } = await chat(['Hi.'], ['--no-stream']);
		expect(out).toMatch(/^Simulated answer from sim-openai.*\n$/);
		expect(err).toMatch(/-- one\/gpt-4o · \d+ in/);
		expect(asked()).toMatchObject([{ stream: false }]);
	});

	it('talks with models of other formats, and with routes, which fall back', async () => {
		expect((await chat(['Hi.'], ['two/claude-haiku-4-5'])).out).toContain('Simulated answer from sim-anthropic');
		simulators.addFault({ vendor: 'sim-openai', controls: { fault: '503' } });
		const { out, err, code } = await chat(['Hi.'], ['smart']);
		expect(out).toContain('Simulated answer from sim-anthropic');
		expect(err).toMatch(/-- two\/claude-haiku-4-5 · 2 attempts · /);
		expect(code).toBe(0);
	});

	it('changes the model, the instructions and the memory in between', async () => {
		const { err } = await chat([
			'Hi.',
			'/model two/claude-haiku-4-5',
			'/system Be brief, and mention this long sentence of instructions in no way at all.',
			'Hi.',
			'/clear',
			'/system',
			'Hi.',
			'/model',
		]);
		expect(err).toContain('model: two/claude-haiku-4-5\n');
		expect(err).toMatch(/instructions set\n.*forgotten\nno instructions\n/s);
		const [first, second, third] = asked().map((row) => row.usage?.inputTokens ?? Number.NaN);
		expect(second).toBeGreaterThan(Number(first) + 10);
		expect(third).toBeLessThan(Number(second) - 10);
	});

	it('sends the instructions of --system', async () => {
		await chat(['Hi.']);
		await chat(['Hi.'], ['--system', 'You are a very patient teacher of mathematics.']);
		const [without, with_] = asked().map((row) => row.usage?.inputTokens ?? Number.NaN);
		expect(with_).toBeGreaterThan(Number(without) + 5);
	});

	it('lists models and routes, and explains itself', async () => {
		const { err, out } = await chat(['/models', '/models claude-haiku', '/help', '/exit', 'Hi.']);
		expect(err).toMatch(/^smart \(route\)\n/);
		expect(err).toMatch(/\ngpt-4o \(one\)\n/);
		expect(err).toMatch(/\n {2}\/clear +forget what was said/);
		expect(out).toBe('');
		expect(asked()).toEqual([]);
	});

	it('says what a wrong command or model may have meant, and goes on', async () => {
		const { out, err, code } = await chat(['/modle x', '/nothing-like-it', '/model gtp-4o', 'Hi.']);
		expect(err).toContain('there is no command /modle. Did you mean /model?');
		expect(err).toContain('/help lists them');
		expect(err).toContain('Did you mean "gpt-4o"');
		expect(out).toContain('Simulated answer');
		expect(code).toBe(0);
	});

	it('shows what failed, forgets the question, goes on, and exits with 1', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { fault: '401', times: 1 } });
		const { out, err, code } = await chat(['Lost.', 'Hi.']);
		expect(err).toMatch(/^relais: one\/gpt-4o refused Relais's credentials\..*OPENAI_API_KEY/);
		expect(out).toMatch(/^Simulated answer/);
		expect(code).toBe(1);
	});

	it('keeps what came of an answer that broke off, and says so', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { fault: 'cut', fraction: 0.5 } });
		const { out, err, code } = await chat(['Hi.'], ['one/gpt-4o']);
		expect(out).toMatch(/^Simulated\b.*\n$/);
		expect(err).toMatch(/relais: .*before the answer was complete/);
		expect(code).toBe(1);
	});

	it('stops an answer on Ctrl-C, and ends on the next one', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { chunks: 50, chunkMs: 30 } });
		const input = new PassThrough();
		input.write('Hi.\n');
		let pressed = 0;
		const { out, err, code } = await chat(input, [], {
			watch(text, interrupt) {
				// With the first piece of the answer, and again when it is cancelled.
				if (pressed > 0 && !text.includes('cancelled')) return;
				pressed++;
				setTimeout(interrupt, 10);
			},
		});
		expect(pressed).toBe(2);
		expect(out).toMatch(/^Simul/);
		expect(err).toBe('-- cancelled\n');
		expect(code).toBe(0);
	});

	it('stops when nobody reads the output any more', async () => {
		simulators.addFault({ vendor: 'sim-openai', controls: { chunks: 50, chunkMs: 30 } });
		const gone = new AbortController();
		const input = new PassThrough();
		input.write('Hi.\nAgain.\n');
		await chat(input, [], {
			gone: gone.signal,
			watch: () => gone.abort(),
		});
		expect(asked()).toHaveLength(1);
	});

	it('uses simulated providers when there is no other, and says so', async () => {
		const { out, err, code } = await chat(['Hi.'], [], { files: {} });
		expect(err).toMatch(/^Simulated providers answer/);
		expect(err).toMatch(/-- sim-openai\/\S+ \(simulated\) · /);
		expect(out).toMatch(/^Simulated answer/);
		expect(code).toBe(0);
	});

	it('refuses an unknown model, and says what to set when there is none', async () => {
		const unknown = await chat(['Hi.'], ['gtp-4o']);
		expect(unknown).toMatchObject({ out: '', code: 1, err: expect.stringContaining('Did you mean "gpt-4o"') });
		const none = await chat(['Hi.'], [], { files: { 'relais.json': { simulate: 'never' } } });
		expect(none).toMatchObject({ out: '', code: 1, err: expect.stringContaining('No provider is configured') });
		expect((await chat([], ['--strem'])).err).toContain("unknown option '--strem'");
	});
});
