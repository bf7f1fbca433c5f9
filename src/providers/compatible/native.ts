import type { ProviderRow } from '../../catalog/index.ts';
import type { VendorDescriptor, WireFormat } from '../descriptor.ts';
import { type BodyRule, drop } from '../rules.ts';

const CHAT = 'openai-chat';
const RESPONSES = 'openai-responses';
const MESSAGES = 'anthropic-messages';

/** Where a vendor's second API serves only some of its models, and what it refuses there. */
interface NativeHabits {
	models?: RegExp;
	refuses?: readonly string[];
}

/**
 * Responses APIs that are narrower than the one they follow, by catalog id: by the catalog's `quirks`, and for the fields by the
 * vendors' documentation of their Responses APIs.
 */
const NARROW: { readonly [catalogId: string]: NativeHabits } = {
	'cloudflare-workers-ai': { models: /gpt-oss/ },
	databricks: { models: /gpt/ },
	scaleway: { models: /gpt-oss/ },
	groq: { refuses: ['include', 'truncation', 'safety_identifier', 'prompt_cache_key'] },
};

/** These keep nothing: a wish to store an answer is Relais's to fulfil. */
const storesNothing: BodyRule = (context) => {
	if (context.get('store') === true) context.set('store', false);
};

/** A second API as a line over the vendor's descriptor; `paths` and `rules` of the first do not hold in it. */
function line(format: WireFormat, endpoint: string, more: Partial<VendorDescriptor>): Partial<VendorDescriptor> {
	const { rules: _, ...rest } = format;
	const elsewhere = /^https?:/.test(endpoint);
	// An address of its own is that of the API or of its one endpoint.
	const base = elsewhere ? { baseUrl: endpoint.replace(/\/messages$/, '') } : {};
	const chat = elsewhere ? '/messages' : endpoint;
	const rules = [...(format.rules ?? []), ...(more.rules ?? [])];
	return { ...rest, ...base, auth: 'bearer', rulesOf: () => [], ...more, paths: { chat }, rules };
}

/** Dialects named in the option `dialects`; undefined where there is no such option. */
function chosen(value: unknown): string[] | undefined {
	return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}

/**
 * The further APIs of a vendor that are known from its catalog row, so that clients of these dialects reach it without translation.
 * They are used at the vendor's own address alone: a proxy or a local server may have them or not, and says so with the option
 * `dialects`.
 * @param own the dialect the vendor is spoken to in otherwise
 */
export function nativeApis(
	row: ProviderRow,
	own: string,
	formats: { readonly [dialect: string]: WireFormat },
): Partial<VendorDescriptor> {
	// Vendors with other credentials than a bearer key lay out their further APIs themselves.
	if (own !== CHAT || !/^(bearer|none)/.test(row.auth)) return {};
	const also: { [dialect: string]: Partial<VendorDescriptor> } = {};
	const { responses, anthropic } = row.endpoints;
	const narrow = NARROW[row.id];
	const [responsesFormat, messagesFormat] = [formats[RESPONSES], formats[MESSAGES]];
	if (responses?.startsWith('/') === true && responsesFormat !== undefined) {
		const refused = narrow?.refuses === undefined ? [] : [drop(narrow.refuses, 'does not take it')];
		also[RESPONSES] = line(responsesFormat, responses, { rules: [storesNothing, ...refused] });
	}
	if (anthropic !== undefined && messagesFormat !== undefined) also[MESSAGES] = line(messagesFormat, anthropic, {});
	const further = Object.keys(also);
	if (further.length === 0) return {};
	return {
		also,
		dialectsOf: (model, info, settings) => {
			const wanted = chosen(settings.options.dialects)?.filter((name) => name === own || name in also);
			if (wanted !== undefined && wanted.length > 0) return wanted;
			if (settings.baseUrl !== undefined || row.kind === 'local') return [own];
			const served = further.filter((name) => name !== RESPONSES || narrow?.models?.test(model) !== false);
			return info?.mode === 'responses' && served.includes(RESPONSES) ? [RESPONSES] : [own, ...served];
		},
	};
}
