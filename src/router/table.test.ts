import { describe, expect, it } from 'vitest';
import { isRelaisError, type ModelCapabilities, type ModelInfo, type Operation, type Provider } from '../spec/index.ts';
import { plan } from './plan.ts';
import { RoutingTable, type TableProvider } from './table.ts';

function provider(name: string): Provider {
	return {
		name,
		type: 'test',
		capabilities: () => ({}) as ModelCapabilities,
		listModels: async () => [],
		isHealthy: async () => ({ healthy: true, latencyMs: 0 }),
		chat: () => Promise.reject(new Error('not called')),
		chatStream: () => {
			throw new Error('not called');
		},
	};
}

function entry(
	name: string,
	priority: number,
	models: (string | { alias: string; id: string })[],
	defaultModel?: string,
): TableProvider {
	return {
		provider: provider(name),
		priority,
		models: models.map((model) => (typeof model === 'string' ? { alias: model, id: model } : model)),
		defaultModel,
		timeouts: { connect: 0, headers: 0, answer: 0, firstToken: 0, idle: 0, total: 0 },
		info: () => undefined,
	};
}

const labels = (table: RoutingTable, name: string): string[] | undefined =>
	table.resolve(name)?.targets.map((target) => target.label);

function failure(action: () => unknown): { code: string; message: string } {
	try {
		action();
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, message: error.message };
		throw error;
	}
	throw new Error('nothing was thrown');
}

describe('a model name', () => {
	const table = new RoutingTable(
		[
			entry('second', 2, ['shared', 'only-second']),
			entry('first', 1, ['shared', { alias: 'fast', id: 'real-fast-id' }], 'shared'),
		],
		[],
	);

	it('goes to every provider that serves it, by priority', () => {
		expect(labels(table, 'shared')).toEqual(['first/shared', 'second/shared']);
	});

	it('that is an alias goes out under the real id', () => {
		expect(labels(table, 'fast')).toEqual(['first/real-fast-id']);
		expect(labels(table, 'first/fast')).toEqual(['first/real-fast-id']);
	});

	it('with a provider in front is pinned to it, known or not', () => {
		expect(labels(table, 'second/shared')).toEqual(['second/shared']);
		expect(labels(table, 'second/org/unheard-of')).toEqual(['second/org/unheard-of']);
	});

	it('keeps meaning the provider in front of it where another lists a model under the very same name', () => {
		const both = new RoutingTable([entry('gateway', 1, ['vendor/small', 'vendor/large']), entry('vendor', 2, ['small'])], []);
		expect(labels(both, 'vendor/small')).toEqual(['vendor/small']);
		expect(labels(both, 'gateway/vendor/small')).toEqual(['gateway/vendor/small']);
		expect(labels(both, 'vendor/large')).toEqual(['gateway/vendor/large']);
	});

	it('is listed once and without a provider in front, also where it begins with the name of its own provider', () => {
		const gateway = new RoutingTable(
			[entry('gateway', 1, ['gateway/auto', 'small']), entry('other', 2, ['small'])],
			[{ name: 'small', targets: ['other/small'], fallbacks: [] }],
		);
		expect(Array.from(gateway.entries(), ({ name }) => name)).toEqual(['small', 'gateway/auto']);
		expect(labels(gateway, 'gateway/auto')).toEqual(['gateway/gateway/auto']);
	});

	it('that is a provider means its default model', () => {
		expect(labels(table, 'first')).toEqual(['first/shared']);
		expect(labels(table, 'second')).toBeUndefined();
	});

	it('that nobody knows gives the nearest names', () => {
		const error = table.unknown('only-secnd');
		expect(error.code).toBe('model_not_found');
		expect(error.message).toContain('"only-second"');
		expect(labels(table, 'nobody/shared')).toBeUndefined();
		expect(table.unknown('nobody/shared').message).toContain('provider');
	});

	it('that nobody here knows gives what is known of it elsewhere', () => {
		const advised = new RoutingTable([], [], (name) => (name === 'far/away' ? 'Set FAR_API_KEY.' : undefined));
		expect(advised.unknown('far/away').message).toContain('named "far/away". Set FAR_API_KEY. GET /v1/models');
		expect(advised.unknown('far').message).not.toContain('FAR_API_KEY');
	});

	it('is looked up without growing memory for ever', () => {
		for (let i = 0; i < 12_000; i++) table.resolve(`first/made-up-${i}`);
		expect(labels(table, 'first/made-up-3')).toEqual(['first/made-up-3']);
		expect(labels(table, `first/${'x'.repeat(1000)}`)).toBeUndefined();
	});
});

describe('a route', () => {
	const providers = [entry('a', 1, ['m1', 'm2']), entry('b', 2, ['m1'])];

	it('keeps its order, nests, adds fallbacks at the end and names each target once', () => {
		const table = new RoutingTable(providers, [
			{ name: 'outer', targets: ['b/m1', 'inner'], fallbacks: ['m1'] },
			{ name: 'inner', targets: ['a/m2'], fallbacks: [] },
		]);
		expect(labels(table, 'outer')).toEqual(['b/m1', 'a/m2', 'a/m1']);
		expect(table.resolve('outer')?.route).toBe('outer');
	});

	it('goes before a model of the same name', () => {
		const table = new RoutingTable(providers, [{ name: 'm1', targets: ['a/m2'], fallbacks: [] }]);
		expect(labels(table, 'm1')).toEqual(['a/m2']);
	});

	it('that leads back to itself is refused with the circle', () => {
		const error = failure(
			() =>
				new RoutingTable(providers, [
					{ name: 'x', targets: ['y'], fallbacks: [] },
					{ name: 'y', targets: ['m1'], fallbacks: ['x'] },
				]),
		);
		expect(error.code).toBe('config_invalid');
		expect(error.message).toContain('x -> y -> x');
	});

	it('with an unknown target is refused by name', () => {
		const error = failure(() => new RoutingTable(providers, [{ name: 'x', targets: ['m3'], fallbacks: [] }]));
		expect(error.message).toMatch(/route "x".*"m3"/);
	});
});

describe('a plan', () => {
	const table = new RoutingTable([entry('a', 1, ['m1', 'm2']), entry('b', 2, ['m1'])], []);
	const sketch = {
		model: 'm1',
		stream: false,
		streamUsage: false,
		tools: false,
		images: false,
		audio: false,
		documents: false,
		jsonSchema: false,
		reasoning: false,
		inputTokens: 1,
		maxOutputTokens: undefined,
		user: undefined,
	};

	it('leaves out what the key may not use', () => {
		const onlyB = { mayUse: (names: readonly string[]) => names.includes('b/m1') };
		expect(plan(sketch, table, onlyB).targets.map((target) => target.label)).toEqual(['b/m1']);
	});

	it('is refused when nothing is left', () => {
		expect(failure(() => plan(sketch, table, { mayUse: () => false })).code).toBe('forbidden');
	});

	it('of a task leaves out providers and models that cannot, and says where the model is at home', () => {
		const info = (mode: string, price: number): ModelInfo =>
			({ mode, capabilities: { chat: mode === 'chat' }, price: { input: price } }) as ModelInfo;
		const embeds = { ...provider('v'), embed: () => Promise.reject(new Error('not called')) };
		const rows: { [id: string]: ModelInfo } = { vectors: info('embedding', 1), talker: info('chat', 1), local: info('chat', 0) };
		const able = new RoutingTable(
			[{ ...entry('v', 1, ['vectors', 'talker', 'local', 'unknown']), provider: embeds, info: (id) => rows[id] }],
			[],
		);
		const planned = (model: string, operation: Operation) => () =>
			plan({ ...sketch, model }, able, undefined, operation).targets.length;
		for (const model of ['vectors', 'local', 'unknown']) expect(planned(model, 'embed')()).toBe(1);
		expect(failure(planned('talker', 'embed'))).toEqual({
			code: 'unsupported',
			message: expect.stringContaining('/v1/chat/completions'),
		});
		for (const model of ['talker', 'local', 'unknown']) expect(planned(model, 'chat')()).toBe(1);
		expect(failure(planned('vectors', 'chat'))).toEqual({
			code: 'unsupported',
			message: expect.stringContaining('/v1/embeddings'),
		});
		expect(failure(planned('vectors', 'rerank'))).toEqual({ code: 'unsupported', message: expect.stringContaining('"v"') });
	});

	it('of embeddings keeps to one model where no route asks for more', () => {
		const embed = () => Promise.reject(new Error('not called'));
		const served = (name: string, priority: number, id: string): TableProvider => ({
			...entry(name, priority, [{ alias: 'vectors', id }]),
			provider: { ...provider(name), embed },
		});
		const providers = [served('a', 1, 'BAAI/bge-m3'), served('b', 2, 'other-v2'), served('c', 3, '@cf/baai/bge-m3')];
		const routed = new RoutingTable(providers, [{ name: 'all', targets: ['vectors'], fallbacks: [] }]);
		const labelled = (model: string) => plan({ ...sketch, model }, routed, undefined, 'embed').targets.map(({ label }) => label);
		expect(labelled('vectors')).toEqual(['a/BAAI/bge-m3', 'c/@cf/baai/bge-m3']);
		expect(labelled('all')).toHaveLength(3);
	});

	it('fails for an unknown model', () => {
		expect(failure(() => plan({ ...sketch, model: 'm9' }, table, undefined)).code).toBe('model_not_found');
	});
});
