import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram, serve, until } from './program.ts';

beforeAll(buildProgram, 60_000);

interface ModelList {
	data: { id: string; relais: { listed?: boolean } }[];
}

async function modelsOf({ url, key }: { url: string; key: string }): Promise<ModelList['data']> {
	const reply = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
	return ((await reply.json()) as ModelList).data;
}

describe('relais serve', () => {
	it('starts at once where no provider can be reached, and says so once for each', async () => {
		const env = { OPENAI_API_KEY: 'sk-0123456789abcdef', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
		const gateway = await serve({ env });
		expect((await modelsOf(gateway)).some(({ id }) => id === 'gpt-4o')).toBe(true);
		const said = () => gateway.log().filter(({ msg }) => msg.startsWith('could not list the models'));
		await until(() => (said().length > 0 ? true : undefined), 'the warning');
		await new Promise((resolve) => setTimeout(resolve, 1500));
		expect(said()).toHaveLength(1);
		expect(said()[0]).toMatchObject({ provider: 'openai', reason: expect.stringContaining('127.0.0.1:9') });
	});

	it('asks a hosted provider for its list after the start, and adds what the catalog does not know', async () => {
		let asked = 0;
		const vendor = createServer((_, response) => {
			asked++;
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"gpt-4o"},{"id":"gpt-brand-new"}]}');
		});
		await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void vendor.close());
		const base = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1`;
		const gateway = await serve({ env: { OPENAI_API_KEY: 'sk-0123456789abcdef', OPENAI_BASE_URL: base } });
		await until(() => (asked > 0 ? true : undefined), 'the question');
		let models = await modelsOf(gateway);
		for (let tries = 0; tries < 50 && !models.some(({ id }) => id === 'gpt-brand-new'); tries++) {
			await new Promise((resolve) => setTimeout(resolve, 50));
			models = await modelsOf(gateway);
		}
		const row = (id: string) => models.find((model) => model.id === id)?.relais;
		expect(row('gpt-brand-new')).toBeDefined();
		expect(row('gpt-4o')?.listed).toBeUndefined();
		expect(row('gpt-4o-mini')?.listed).toBe(false);
		expect(asked).toBe(1);
	});
});
