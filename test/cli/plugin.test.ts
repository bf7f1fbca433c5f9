import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../tooling/project.ts';
import { buildProgram, type Gateway, run, serve } from './program.ts';

beforeAll(buildProgram, 60_000);

const EXAMPLE = join(repository, 'examples/provider-module/echo.ts');

/** The config the example shows in its header, with the example's place as seen from elsewhere. */
function shownConfig(): string {
	const header = /^\/\*\*(.*?)\*\//s.exec(readFileSync(EXAMPLE, 'utf8'))?.[1] ?? '';
	const lines = header.split('\n').flatMap((line) => /^ \* {5}(.*)$/.exec(line)?.[1] ?? []);
	expect(lines.join('\n')).toContain('plugins:');
	return `${lines.join('\n').replace('./examples/provider-module/echo.ts', EXAMPLE)}\n`;
}

const question = 'Say hello, please.';
const start = (): Promise<Gateway> => serve({ files: { 'relais.yaml': shownConfig() } });

describe("the example of a provider of one's own, with the config it shows", () => {
	it('answers OpenAI clients, whole and streamed, by both its names', async () => {
		const { url, key } = await start();
		const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
		const messages = [{ role: 'user' as const, content: question }];
		const whole = await client.chat.completions.create({ model: 'echo/shout', messages });
		expect(whole.choices[0]?.message.content).toBe('SAY HELLO, PLEASE.');
		expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 3 });
		const streamed = await client.chat.completions.create({ model: 'shout', messages, stream: true });
		const pieces: string[] = [];
		for await (const chunk of streamed) pieces.push(chunk.choices[0]?.delta.content ?? '');
		expect(pieces.filter(Boolean)).toEqual(['SAY ', 'HELLO, ', 'PLEASE.']);
	});

	it('answers Anthropic clients, whole and streamed', async () => {
		const { url, key } = await start();
		const client = new Anthropic({ baseURL: url, apiKey: key });
		const request = { model: 'shout', max_tokens: 100, messages: [{ role: 'user' as const, content: question }] };
		const whole = await client.messages.create(request);
		expect(whole.content).toMatchObject([{ type: 'text', text: 'SAY HELLO, PLEASE.' }]);
		expect(whole.stop_reason).toBe('end_turn');
		const streamed = client.messages.stream(request);
		expect(await streamed.finalText()).toBe('SAY HELLO, PLEASE.');
	});

	it('is listed', async () => {
		const { url, key } = await start();
		const { data } = await new OpenAI({ baseURL: `${url}/v1`, apiKey: key }).models.list();
		expect(data.map((model) => model.id)).toEqual(['shout']);
	});
});

describe('a plug-in', () => {
	const named = (module: string): { [name: string]: string } => ({
		'relais.yaml': 'plugins: [./mine.mjs]\nproviders: [{ name: mine, type: mine, models: [m] }]\n',
		'mine.mjs': module,
	});

	it('can come with a reload', async () => {
		const gateway = await serve();
		gateway.write('relais.yaml', shownConfig());
		gateway.child.kill('SIGHUP');
		const [, key = ''] = await gateway.prints('out', /(rk-local-\S+) \(kept in/);
		const body = { model: 'shout', messages: [{ role: 'user', content: question }] };
		const reply = await gateway.post('/v1/chat/completions', body, { authorization: `Bearer ${key}` });
		expect(await reply.text()).toContain('SAY HELLO');
		expect(gateway.err).not.toContain('next start');
	});

	it.each([
		['that is not there', 'plugins: [./missing.mjs]\n', '', /plug-in \S+missing\.mjs cannot be loaded/],
		['that throws', undefined, 'throw new Error("no luck");', /mine\.mjs cannot be loaded: no luck/],
		['that is no provider', undefined, 'export default { type: "mine" };', /must export as default a provider type/],
	])('%s stops the start with one line', async (_name, config, module, message) => {
		const files = named(module);
		const { code, err } = await run(['serve'], { files: config === undefined ? files : { ...files, 'relais.yaml': config } });
		expect(err).toMatch(message);
		expect(err).toMatch(/^relais: .*\n$/);
		expect(code).toBe(1);
	});

	it('that fails in a call is answered for with an error that names it', async () => {
		const gateway = await serve({
			files: named(`
				const refuse = async () => { throw new Error('out of ideas'); };
				export default { type: 'mine', title: 'Mine', create: ({ name }) => ({
					name, type: 'mine', capabilities: () => ({}), listModels: async () => [],
					isHealthy: async () => ({ healthy: true, latencyMs: 0 }), chat: refuse,
					async *chatStream() { await refuse(); },
				}) };`),
		});
		for (const stream of [false, true]) {
			const reply = await gateway.post('/v1/chat/completions', {
				model: 'm',
				stream,
				messages: [{ role: 'user', content: 'x' }],
			});
			expect(reply.status).toBe(500);
			expect(await reply.text()).toContain('provider module \\"mine\\" failed: out of ideas');
		}
	});

	it('that forgets a promise takes nobody down', async () => {
		const gateway = await serve({
			files: named(`
				const forget = () => { Promise.reject(new Error('forgotten')); throw new Error('out of ideas'); };
				export default { type: 'mine', title: 'Mine', create: ({ name }) => ({
					name, type: 'mine', capabilities: () => ({}), listModels: async () => [],
					isHealthy: async () => ({ healthy: true, latencyMs: 0 }), chat: forget, chatStream: forget,
				}) };`),
		});
		for (let nth = 0; nth < 2; nth++) {
			const reply = await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'x' }] });
			expect(reply.status).toBe(500);
		}
		await gateway.prints('err', /Error: forgotten/);
	});
});
