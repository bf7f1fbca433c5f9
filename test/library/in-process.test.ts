import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { post, TEST_KEY } from '../support/gateway.ts';

const { createLogger, createServer, isRelaisError, loadConfig, Relais } = library;

let simulators: Simulators;
let folder = '';
beforeAll(async () => {
	simulators = await startSimulators();
	folder = mkdtempSync(join(tmpdir(), 'relais-library-'));
	const base = `${simulators.url}/sim-openai/v1`;
	const lines = [
		`providers: [{ name: one, type: openai, base_url: "${base}", api_key: sk-sim-openai }]`,
		`keys: [{ name: test, key: ${TEST_KEY} }]`,
	];
	writeFileSync(join(folder, 'relais.yaml'), lines.join('\n'));
});
afterAll(async () => {
	await simulators.close();
	rmSync(folder, { recursive: true, force: true });
});

async function relais(onFinished?: (record: library.RequestRecord) => void): Promise<library.Relais> {
	const { config } = await loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false });
	return Relais.create({ config, logger: createLogger('silent'), ...(onFinished && { onFinished }) });
}

describe('the library', () => {
	it('serves requests in this process', async () => {
		const records: library.RequestRecord[] = [];
		const engine = await relais((record) => records.push(record));
		const server = createServer({ relais: engine });
		const url = await server.listen('127.0.0.1', 0);
		const body = { model: 'one/gpt-4o', messages: [{ role: 'user', content: 'Hello.' }] };
		const response = await post({ url }, '/v1/chat/completions', body);
		expect(response.status).toBe(200);
		expect(JSON.stringify(await response.json())).toContain('Simulated answer from sim-openai');
		await server.close(1000);
		await engine.close();
		expect(records).toMatchObject([{ outcome: 'completed', attempts: [{ target: 'one/gpt-4o' }] }]);
	});

	it('lets providers be called without a server', async () => {
		const engine = await relais();
		const provider = engine.state.providers.find(({ name }) => name === 'one');
		const context = { signal: AbortSignal.timeout(5000), requestId: 'mine', warn: () => undefined };
		const answer = await provider?.chat(
			{
				model: 'gpt-4o',
				messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello.' }] }],
				stream: false,
				sampling: {},
			},
			context,
		);
		expect(answer?.candidates[0]?.stop?.kind).toBe('stop');
		await engine.close();
	});

	it('says what is wrong with a configuration', async () => {
		writeFileSync(join(folder, 'broken.yaml'), 'providers: [{ name: one, tpye: openai }]');
		const error: unknown = await loadConfig({ path: 'broken.yaml', cwd: folder, env: {}, overrides: {} }).catch(
			(e: unknown) => e,
		);
		expect(isRelaisError(error) && error.code).toBe('config_invalid');
		expect(error).toBeInstanceOf(library.ConfigError);
	});

	it('has few doors, so that each can be kept', () => {
		expect(Object.keys(library).toSorted()).toEqual([
			'ConfigError',
			'ERROR_CODES',
			'NOTHING_KNOWN',
			'Relais',
			'RelaisError',
			'createLogger',
			'createServer',
			'isRelaisError',
			'loadCatalog',
			'loadConfig',
			'watchConfig',
		]);
	});
});
