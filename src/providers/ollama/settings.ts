import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ProviderSettings } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import type { BodyRule } from '../rules.ts';

interface Setting {
	/** Undefined: the value will do. */
	fault(value: JsonValue): string | undefined;
	/** Where the value goes: among the model's `options`, or beside them. */
	place: 'options' | 'body';
}

const positive = (value: JsonValue): string | undefined =>
	Number.isInteger(value) && Number(value) > 0 ? undefined : 'must be a whole number above 0';
const duration = (value: JsonValue): string | undefined =>
	typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?(ms|s|m|h)?$/.test(value))
		? undefined
		: 'must be a time like "10m", seconds, or -1 for ever';
const flag = (value: JsonValue): string | undefined => (typeof value === 'boolean' ? undefined : 'must be true or false');
const object = (value: JsonValue): string | undefined => (isObject(value) ? undefined : 'must hold settings of the model');

/** Settings of the config that only the native API has; a request's own go before them. */
const SETTINGS: { readonly [option: string]: Setting } = {
	num_ctx: { fault: positive, place: 'options' },
	keep_alive: { fault: duration, place: 'body' },
	truncate: { fault: flag, place: 'body' },
	options: { fault: object, place: 'body' },
};

const stated = ({ options }: ProviderSettings): [string, JsonValue, Setting][] =>
	Object.entries(SETTINGS).flatMap(([name, setting]) => {
		const value = options[name];
		return value === undefined || value === null ? [] : [[name, value, setting]];
	});

/** Whether the settings ask for something only the native API can do. */
export function isNativeOnly(settings: ProviderSettings): boolean {
	return stated(settings).length > 0;
}

/** Lays the settings under every request. Throws `config_invalid` for one that makes no sense. */
export function ollamaSettings(settings: ProviderSettings): readonly BodyRule[] {
	const body: JsonObject = {};
	const model: JsonObject = {};
	for (const [name, value, { fault, place }] of stated(settings)) {
		const wrong = fault(value);
		if (wrong !== undefined)
			throw new RelaisError('config_invalid', `provider "${settings.name}": options.${name} ${wrong}`, {
				provider: settings.name,
			});
		if (name === 'options' && isObject(value)) Object.assign(model, value);
		else (place === 'options' ? model : body)[name] = value;
	}
	if (!isNativeOnly(settings)) return [];
	return [
		(context) => {
			const given = context.get('options');
			if (Object.keys(model).length > 0) context.set('options', { ...model, ...(isObject(given) ? given : {}) });
			for (const name in body) if (context.get(name) === undefined) context.set(name, body[name]);
		},
	];
}
