import { createHook } from 'node:async_hooks';
import { isDeepStrictEqual } from 'node:util';
import type { ModelCapabilities } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { list } from '../rule.ts';
import { capabilities, healthReport, modelInfo } from '../shapes.ts';
import type { Bodies, Body } from './trial.ts';

const METHODS = ['capabilities', 'listModels', 'isHealthy', 'chat', 'chatStream'] as const;
const OPTIONAL_METHODS = ['embed', 'rerank', 'moderate', 'close'] as const;

/** Name, type, and the methods that must be there. */
const isWhole: Body = async ({ provider }) => {
	ensure(typeof provider.name === 'string' && provider.name !== '', `its name is ${show(provider.name)}`);
	ensure(typeof provider.type === 'string' && provider.type !== '', `its type is ${show(provider.type)}`);
	for (const method of METHODS) ensure(typeof provider[method] === 'function', `it has no method ${method}`);
	for (const method of OPTIONAL_METHODS)
		ensure(provider[method] === undefined || typeof provider[method] === 'function', `${method} is no method`);
	return undefined;
};

/** Runs a function and says how many asynchronous things it began: sockets, timers, promises. */
function begun<T>(run: () => T): { value: T; count: number } {
	let count = 0;
	const hook = createHook({
		init() {
			count++;
		},
	}).enable();
	try {
		const value = run();
		return { value, count };
	} finally {
		hook.disable();
	}
}

const capabilitiesFromData: Body = async ({ provider, settings }) => {
	for (const model of [undefined, settings.model, 'relais-no-such-model']) {
		const what = `capabilities(${model === undefined ? '' : show(model)})`;
		const ask = (): ModelCapabilities => provider.capabilities(model);
		const { value, count } = begun(ask);
		ensureNone(capabilities(value, what));
		ensure(count === 0, `${what} begins something asynchronous: it must answer from data`);
		ensure(isDeepStrictEqual(ask(), value), `${what} answers differently the second time`);
	}
	ensure(
		provider.capabilities(settings.model).chat !== false,
		`the model "${settings.model}" does not chat, by its capabilities`,
	);
	return undefined;
};

const listsModels: Body = async (trial) => {
	const { provider } = trial;
	const models = await provider.listModels(trial.context());
	ensureNone(list(modelInfo)(models, 'models'));
	const ids = new Set<string>();
	for (const { id, provider: named } of models) {
		ensure(named === provider.name, `the model "${id}" names the provider "${named}", not "${provider.name}"`);
		ensure(!ids.has(id), `the model "${id}" is listed twice`);
		ids.add(id);
	}
	trial.ensureNoSecret(JSON.stringify(models), 'the model list');
	return undefined;
};

const reportsHealth: Body = async (trial) => {
	const report = await trial.provider.isHealthy(trial.context());
	ensureNone(healthReport(report, 'the report'));
	ensure(report.healthy, `it reports that it is not healthy: ${report.detail}`);
	return undefined;
};

const closesTwice: Body = async ({ provider }) => {
	if (provider.close === undefined) return 'it has nothing to close';
	await provider.close();
	await provider.close();
	return undefined;
};

/** What a provider says of itself. */
export const FACTS: Bodies = {
	'has a name, a type and its methods': isWhole,
	'answers capabilities at once, from data': capabilitiesFromData,
	'lists models under its own name': listsModels,
	'reports that it is healthy': reportsHealth,
};

/** What comes last, since the provider is of no use after it. */
export const CLOSING: Bodies = { 'may be closed twice': closesTwice };
