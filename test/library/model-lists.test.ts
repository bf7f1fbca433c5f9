import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { startGateway } from '../support/gateway.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterAll(() => simulators.close());

it('names that came with a model list survive a reload, and stay where a later list does not fit the routes', async () => {
	const local = { name: 'local', type: 'openai-compatible', base_url: `${simulators.url}/sim-local/v1` };
	const gateway = await startGateway({ config: { providers: [local] } });
	const { relais } = gateway;
	const [listed] =
		(await relais.state.providers[0]?.listModels({ signal: AbortSignal.timeout(5000), requestId: 'x', warn: () => undefined })) ??
		[];
	const name = listed?.id ?? '';
	expect(relais.state.table.resolve(name)).toBeUndefined();
	await relais.discoverModels();
	expect(relais.state.table.resolve(name)?.targets[0]?.label).toBe(`local/${name}`);
	const { config } = relais.state;
	const route = { name: 'safe', strategy: 'priority' as const, targets: [{ model: name }], fallbacks: [], origin: 'test' };
	await relais.reload({ ...config, routes: [route] });
	expect(relais.state.table.resolve('safe')?.targets[0]?.label).toBe(`local/${name}`);
	const provider = relais.state.providers[0];
	if (provider === undefined) throw new Error('no provider');
	Object.assign(provider, { listModels: async () => [] });
	await relais.discoverModels('all');
	expect(relais.state.table.resolve('safe')?.targets[0]?.label).toBe(`local/${name}`);
	await gateway.close();
});
