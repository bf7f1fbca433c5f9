import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type Gateway, serve, until } from './program.ts';
import { upstreamFor } from './upstream.ts';

beforeAll(buildProgram, 60_000);

const KEY = 'rk-0123456789abcdef';

function config(baseUrl: string, more = ''): string {
	return [
		`providers: [{ name: up, type: openai-compatible, base_url: "${baseUrl}" }]`,
		'routes: [{ name: main, targets: [up/model] }]',
		`keys: [{ name: test, key: ${KEY} }]`,
		more,
	].join('\n');
}

const keyed = { authorization: `Bearer ${KEY}` };
const stream = { model: 'main', stream: true, messages: [{ role: 'user', content: 'hi' }] };

/** Asks until the answer is the wanted one; every answer before must be the old one. */
async function asksUntil(gateway: Gateway, wanted: string, old: string): Promise<void> {
	const deadline = Date.now() + 15_000;
	for (;;) {
		const reply = await gateway.post('/v1/chat/completions', { ...stream, stream: false }, keyed);
		const text = await reply.text();
		expect(reply.status, text).toBe(200);
		if (text.includes(wanted)) return;
		expect(text).toContain(old);
		if (Date.now() > deadline) throw new Error(`the answer never became "${wanted}"`);
	}
}

describe('a changed config', () => {
	it('is taken over while 20 streams run: all of them end well, new requests see it, a broken one changes nothing', async () => {
		const before = await upstreamFor('before');
		const after = await upstreamFor('after');
		const gateway = await serve({ files: { 'relais.yaml': config(before.baseUrl) } });
		const streams = await Promise.all(Array.from({ length: 20 }, () => gateway.post('/v1/chat/completions', stream, keyed)));
		expect(streams.map((reply) => reply.status)).toEqual(Array.from({ length: 20 }, () => 200));

		gateway.write('relais.yaml', config(after.baseUrl));
		await asksUntil(gateway, 'after', 'before');

		gateway.write('relais.yaml', config(after.baseUrl, 'routing: { retires: 1 }'));
		const [broken] = await gateway.prints('err', /.*the changed config is broken; the old one stays in force.*/);
		expect(broken).toContain('relais.yaml:4:12 routing.retires: unknown key. Did you mean \\"retries\\"?');
		await asksUntil(gateway, 'after', 'after');

		before.release();
		for (const reply of streams) {
			const text = await reply.text();
			expect(text).toContain('"content":"before"');
			expect(text).toContain('"content":" done"');
			expect(text).toMatch(/data: \[DONE\]\s*$/);
		}
	});

	it('is looked at again on SIGHUP', async () => {
		const { baseUrl } = await upstreamFor();
		const gateway = await serve({ files: { 'relais.yaml': config(baseUrl) } });
		gateway.write('relais.yaml', 'providers: [');
		const broken = (): number => gateway.log().filter((entry) => entry.msg.includes('broken')).length;
		await until(() => (broken() > 0 ? true : undefined), 'the first complaint');
		const complaints = broken();
		gateway.child.kill('SIGHUP');
		await until(() => (broken() > complaints ? true : undefined), 'another complaint');
		gateway.write('relais.yaml', config(baseUrl, 'routing: { retries: 0 }'));
		gateway.child.kill('SIGHUP');
		await gateway.prints('err', /config reloaded/);
	});

	it('loses no request and no model name on the way, however often it changes', async () => {
		const upstream = await upstreamFor();
		const gateway = await serve({ files: { 'relais.yaml': config(upstream.baseUrl) } });
		let stop = false;
		let asked = 0;
		const failures: string[] = [];
		const client = async (): Promise<void> => {
			while (!stop) {
				const reply = await gateway.post('/v1/chat/completions', { ...stream, model: 'listed', stream: false }, keyed);
				const text = await reply.text();
				if (reply.status !== 200) failures.push(text);
				asked++;
			}
		};
		const clients = Promise.all([client(), client(), client()]);
		for (let round = 0; round < 5; round++) {
			const reloads = (): number => gateway.log().filter((entry) => entry.msg === 'config reloaded').length;
			const seen = reloads();
			gateway.write('relais.yaml', config(upstream.baseUrl, `routing: { retries: ${round % 2} }`));
			gateway.child.kill('SIGHUP');
			await until(() => (reloads() > seen ? true : undefined), 'the reload');
			const before = asked;
			await until(() => (asked > before + 3 ? true : undefined), 'requests under the new config');
		}
		stop = true;
		await clients;
		expect(failures).toEqual([]);
	});

	it('that needs a restart says so', async () => {
		const { baseUrl } = await upstreamFor();
		const gateway = await serve({ files: { 'relais.yaml': config(baseUrl) } });
		gateway.write('relais.yaml', config(baseUrl, 'server: { body_limit: 1mb }\ndata_dir: ./elsewhere'));
		await gateway.prints('err', /these settings take effect at the next start/);
		const entry = gateway.log().find((line) => line.msg.includes('next start'));
		expect(entry?.settings).toEqual(['server.body_limit', 'data_dir']);
	});
});

it('a first real provider ends the demo: its key comes with a new banner', async () => {
	const upstream = await upstreamFor();
	const gateway = await serve();
	expect(gateway.key).toBe('rk-demo-simulated-answers-only');
	gateway.write('.env', `OPENAI_API_KEY=sk-0123456789\nOPENAI_BASE_URL=${upstream.origin}\n`);
	gateway.child.kill('SIGHUP');
	const [, key] = await gateway.prints('out', /(rk-local-\S+) \(kept in/);
	const reply = await gateway.post(
		'/v1/chat/completions',
		{ ...stream, model: 'openai/m', stream: false },
		{ authorization: `Bearer ${key}` },
	);
	expect(reply.status).toBe(200);
	expect(gateway.out).not.toContain('sk-0123456789');
	expect((await gateway.post('/v1/chat/completions', stream)).status).toBe(401);
});
