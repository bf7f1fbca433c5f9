import { isObject } from '../../lib/json.ts';
import { type JsonObject, type ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { BodyRule } from '../rules.ts';

const TRACES: readonly string[] = ['enabled', 'disabled', 'enabled_full'];

/**
 * The config's guardrail on every request that names none: `guardrail: { id, version, trace }`; `id` may be an ARN, `version` is
 * DRAFT unless stated. Throws `config_invalid` for one that makes no sense.
 */
export function guardrailRules({ name, options }: ProviderSettings): readonly BodyRule[] {
	const { guardrail } = options;
	if (guardrail === undefined || guardrail === null) return [];
	const fail = (message: string): never => {
		throw new RelaisError('config_invalid', `provider "${name}": options.guardrail${message}`, { provider: name });
	};
	if (!isObject(guardrail)) return fail(' must be { id, version, trace }');
	const { id, version = 'DRAFT', trace } = guardrail;
	if (typeof id !== 'string' || id === '') return fail('.id is missing: it is the id or ARN of a guardrail');
	const stated = typeof version === 'number' ? String(version) : version;
	if (typeof stated !== 'string' || !/^([1-9]\d{0,7}|DRAFT)$/.test(stated)) return fail('.version must be a number or DRAFT');
	const word = typeof trace === 'boolean' ? (trace ? 'enabled' : 'disabled') : trace;
	if (word !== undefined && word !== null && !TRACES.includes(String(word)))
		return fail(`.trace must be one of ${TRACES.join(', ')}`);
	const config: JsonObject = { guardrailIdentifier: id, guardrailVersion: stated, ...(word ? { trace: word } : {}) };
	return [
		(context) => {
			if (context.get('guardrailConfig') === undefined) context.set('guardrailConfig', config);
		},
	];
}
