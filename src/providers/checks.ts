import { keyPage } from '../catalog/index.ts';
import { jsonOrText } from '../lib/json.ts';
import {
	type CallContext,
	type HealthReport,
	isRelaisError,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
} from '../spec/index.ts';
import type { Ask, ListedModel, VendorDescriptor } from './descriptor.ts';
import { usualModelIds } from './listing.ts';
import { checkByRefusal } from './probes.ts';
import type { VendorEndpoint } from './wire-endpoint.ts';

/** Ends a health check or a model listing that its caller does not, in ms: how long to wait is for the caller's signal to say. */
const PROBE_LIMIT_MS = 600_000;

/** Asks addresses that concern no model, as long as the call's signal lets it. */
export function asker(wire: VendorEndpoint, settings: ProviderSettings, host: ProviderHost, { signal }: CallContext): Ask {
	const limits = { ...settings.timeouts, headers: PROBE_LIMIT_MS, answer: PROBE_LIMIT_MS, total: PROBE_LIMIT_MS };
	return async (path, more) => {
		const plain = wire.plainCall(path, more);
		const call = wire.sign === undefined ? plain : await wire.sign(plain);
		const reply = await host.request(call, limits, signal);
		const body = jsonOrText(reply.body);
		if (reply.status < 200 || reply.status > 299) throw wire.dialect.decodeError(reply.status, reply.headers, body);
		return body;
	};
}

/** The vendor's list as it tells it; undefined where the catalog must do. Throws `provider_protocol` where it is no list. */
export async function listedModels(
	descriptor: VendorDescriptor,
	settings: ProviderSettings,
	ask: Ask,
): Promise<ListedModel[] | undefined> {
	const { list, modelIds = usualModelIds, paths } = descriptor;
	if (list !== undefined) return list(ask, settings);
	if (paths.models === undefined) return undefined;
	const ids = modelIds(await ask(paths.models));
	if (ids !== undefined) return ids.map((id) => ({ id }));
	const message = `${settings.name}: its model list is not of the expected form`;
	throw new RelaisError('provider_protocol', message, { provider: settings.name });
}

/** Asks for what costs no tokens: as a rule the model list, which checks address and key alike. */
export async function checkedHealth(descriptor: VendorDescriptor, settings: ProviderSettings, ask: Ask): Promise<HealthReport> {
	const started = performance.now();
	const elapsed = (): number => Math.round(performance.now() - started);
	const check = checkOf(descriptor, settings);
	if (check === undefined) return { healthy: true, latencyMs: 0, detail: 'not checked: the vendor has no free endpoint' };
	try {
		const detail = await check(ask);
		return { healthy: true, latencyMs: elapsed(), ...(detail === undefined ? {} : { detail }) };
	} catch (error) {
		if (!isRelaisError(error)) throw error;
		return { healthy: false, latencyMs: elapsed(), detail: causeOf(error, credentialHint(descriptor, settings.name)), error };
	}
}

/** How to find out whether the vendor answers: its own way, its list, or a request it must refuse. None of them costs tokens. */
function checkOf(
	{ check, list, paths }: VendorDescriptor,
	settings: ProviderSettings,
): ((ask: Ask) => Promise<string | undefined>) | undefined {
	if (check !== undefined) return (ask) => check(ask, settings);
	const { models, embed, chat } = paths;
	if (models !== undefined) return async (ask) => void (await ask(models));
	if (list !== undefined) return async (ask) => void (await list(ask, settings));
	const refused = chat ?? embed;
	return refused === undefined || refused.includes('{') ? undefined : (ask) => checkByRefusal(ask, refused);
}

/** Why a check failed, and the cure. What vendors say of a key is not repeated: it often quotes a part of the key. */
function causeOf(error: RelaisError, hint: string): string {
	// With a name on it, it is Relais's own error about credentials it could not get.
	const isVendors = error.code === 'provider_auth' && error.provider === undefined;
	return isVendors ? `its key is missing or wrong; ${hint}` : error.message;
}

/** What to set for the vendor's credentials. */
export function credentialHint(descriptor: VendorDescriptor, name: string): string {
	const variable = descriptor.keyVariables[0];
	const page = (descriptor.catalogId === undefined ? undefined : keyPage(descriptor.catalogId)) ?? descriptor.docsUrl;
	const where = page === undefined ? '' : ` (keys: ${page})`;
	return variable === undefined
		? `set api_key of provider "${name}"`
		: `set ${variable} or api_key of provider "${name}"${where}`;
}
