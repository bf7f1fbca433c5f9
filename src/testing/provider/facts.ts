import { createHook } from 'node:async_hooks';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../lib/json.ts';
import type { ModelCapabilities } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { list } from '../rule.ts';
import { capabilities, healthReport, modelInfo, timeouts } from '../shapes.ts';
import type { Body } from './trial.ts';

const METHODS = ['capabilities', 'listModels', 'isHealthy', 'chat', 'chatStream'] as const;
const OPTIONAL_METHODS = ['embed', 'close'] as const;

/** Name, type, and the methods that must be there. */
export const isWhole: Body = async ({ provider }) => {
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

export const capabilitiesFromData: Body = async ({ provider, settings }) => {
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

export const listsModels: Body = async (trial) => {
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

export const reportsHealth: Body = async (trial) => {
	const report = await trial.provider.isHealthy(trial.context());
	ensureNone(healthReport(report, 'the report'));
	ensure(report.healthy, `it reports that it is not healthy: ${report.detail}`);
	return undefined;
};

/** Where nothing can work: an unhealthy report, not a rejection, and typed errors from the rest. */
export const failsTyped: Body = async (trial) => {
	const broken = trial.settings.broken?.();
	if (broken === undefined) return 'no broken provider was given';
	const report = await broken.isHealthy(trial.context());
	ensureNone(healthReport(report, 'the report'));
	ensure(!report.healthy, 'the broken provider reports that it is healthy');
	ensure(report.detail !== undefined && report.detail !== '', 'the report does not name the cause');
	trial.ensureNoSecret(report.detail, 'the report');
	const request = trial.request('Hello.');
	const whole = await rejection(broken.chat(request, trial.context()));
	ensure(whole !== undefined, 'the broken provider answers a chat');
	trial.ensureTyped(whole, "a chat's error", broken);
	const streamed = await trial.streamFailure(request, trial.context(), broken);
	ensure(streamed !== undefined, 'the broken provider answers a streamed chat');
	trial.ensureTyped(streamed, "a stream's error", broken);
	const listed = await rejection(broken.listModels(trial.context()));
	if (listed !== undefined) trial.ensureTyped(listed, "a listing's error", broken);
	return undefined;
};

/** What a promise is rejected with; undefined where it is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(error: unknown) => error,
	);
}

export const refusesUnknownModel: Body = async (trial) => {
	const { unknownModel, unknownModelCodes } = trial.settings;
	if (unknownModel === false) return 'it answers under any model name';
	const request = trial.request('Hello.', { model: unknownModel });
	const whole = await rejection(trial.provider.chat(request, trial.context()));
	const streamed = await trial.streamFailure(request, trial.context());
	for (const [what, error] of [
		['a chat', whole],
		['a streamed chat', streamed],
	] as const) {
		ensure(error !== undefined, `${what} with the unknown model "${unknownModel}" is answered`);
		trial.ensureTyped(error, `the error of ${what}`);
		const { code } = error as { code: (typeof unknownModelCodes)[number] };
		ensure(
			unknownModelCodes.includes(code),
			`${what} with an unknown model fails as ${code}, not as ${unknownModelCodes.join(' or ')}`,
		);
	}
	return undefined;
};

/** `wire`, where there is one: addresses that can be called, headers in pairs, bodies left as they are. */
export const describesWire: Body = async ({ provider, settings }) => {
	const { wire } = provider;
	if (wire === undefined) return 'it has no wire: it speaks for itself';
	ensure(wire.supports('chat'), 'its wire has no endpoint for chats');
	ensureNone(timeouts(wire.timeouts, 'wire.timeouts'));
	ensure(isObject(wire.traits(settings.model)), 'wire.traits gives no object');
	const call = await wire.call('chat', settings.model, {});
	ensure(/^https?:\/\/[^/]+$/.test(call.origin), `the origin of a call is ${show(call.origin)}`);
	ensure(call.method === 'POST', `a chat is sent by ${show(call.method)}`);
	ensure(/^\/[\x21-\x7e]*$/.test(call.path), `the path of a call is ${show(call.path)}`);
	ensure(call.headers.length % 2 === 0, 'the headers of a call are not pairs of names and values');
	ensure(
		call.headers.every((piece) => typeof piece === 'string'),
		'the headers of a call are not all texts',
	);
	const names = call.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
	ensure(new Set(names).size === names.length, `a header is sent twice: ${names.join(', ')}`);
	const body = { model: settings.model, stream: true, messages: [] };
	const before = structuredClone(body);
	wire.bodyChanges(body, settings.model, () => undefined);
	ensure(isDeepStrictEqual(body, before), 'wire.bodyChanges changes the body it is shown');
	return undefined;
};

export const closesTwice: Body = async ({ provider }) => {
	if (provider.close === undefined) return 'it has nothing to close';
	await provider.close();
	await provider.close();
	return undefined;
};
