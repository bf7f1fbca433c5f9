import { isObject } from '../../lib/json.ts';
import { isRelaisError, type JsonObject, type JsonValue, type ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { Ask, ListedModel } from '../descriptor.ts';
import { baseModel, type ProfileBook } from './models.ts';

const MODELS = '/foundation-models';
/** More pages than this are a mistake. */
const MOST_PAGES = 20;

const MODALITIES: { readonly [word: string]: string } = {
	TEXT: 'text',
	IMAGE: 'image',
	VIDEO: 'video',
	SPEECH: 'audio',
	AUDIO: 'audio',
};

/** Where the account's models are listed: another host than that of calls, or the same server. */
export interface ControlPlane {
	/** Absent: where calls go. */
	origin?: string;
	/** Before each path. */
	prefix: string;
}

/**
 * The control plane that goes with an address. `control_url` names it where it cannot be told, as behind a private endpoint; a
 * server of the user's own is asked itself.
 */
export function controlPlane({ baseUrl, options, name }: ProviderSettings, region: string): ControlPlane {
	const stated = options.control_url;
	if (typeof stated === 'string' && stated !== '') {
		if (!URL.canParse(stated))
			throw new RelaisError('config_invalid', `provider "${name}": options.control_url is not a URL`, { provider: name });
		const { origin, pathname } = new URL(stated);
		return { origin, prefix: pathname.replace(/\/+$/, '') };
	}
	const own = baseUrl === undefined || baseUrl.includes('{') ? undefined : new URL(baseUrl);
	if (own === undefined || own.hostname.includes('.vpce.'))
		return { origin: `https://bedrock.${region}.amazonaws.com`, prefix: '' };
	if (!own.hostname.startsWith('bedrock-runtime')) return { prefix: '' };
	return { origin: own.origin.replace('//bedrock-runtime', '//bedrock'), prefix: '' };
}

/**
 * The models that can be called: those the region serves on demand, and inference profiles, an account's own among them under
 * their ARN. Undefined where the credentials may call models but not list them.
 */
export async function listBedrock(ask: Ask, control: ControlPlane, book: ProfileBook): Promise<ListedModel[] | undefined> {
	const [models, ...profiles] = await Promise.all([
		get(ask, control, MODELS),
		profilesOf(ask, control, 'SYSTEM_DEFINED'),
		profilesOf(ask, control, 'APPLICATION'),
	]);
	if (models === undefined) return undefined;
	const rows = listIn(models, 'modelSummaries');
	const described = new Map(rows.flatMap((row) => (typeof row.modelId === 'string' ? [[row.modelId, facts(row)]] : [])));
	const direct = rows.filter(onDemand).flatMap((row) => described.get(String(row.modelId)) ?? []);
	return [...direct, ...profiles.flat().flatMap((row) => profile(row, described, book) ?? [])];
}

/** What a health check asks: the same list, which costs nothing. Credentials that may only call models are as good. */
export async function checkBedrock(ask: Ask, control: ControlPlane): Promise<string | undefined> {
	const list = await get(ask, control, `${MODELS}?byOutputModality=TEXT`);
	return list === undefined ? 'answers; its credentials may not list models (bedrock:ListFoundationModels)' : undefined;
}

/** Asks the control plane; undefined where the credentials may not. */
async function get(ask: Ask, { origin, prefix }: ControlPlane, path: string): Promise<JsonValue | undefined> {
	try {
		return await ask(prefix + path, origin === undefined ? {} : { origin });
	} catch (error) {
		if (isRelaisError(error) && error.code === 'provider_forbidden') return undefined;
		throw error;
	}
}

/** Profiles of one kind; none where the credentials may not see them. */
async function profilesOf(ask: Ask, control: ControlPlane, type: string): Promise<JsonObject[]> {
	const found: JsonObject[] = [];
	let next = '';
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const query = `maxResults=1000&typeEquals=${type}${next === '' ? '' : `&nextToken=${encodeURIComponent(next)}`}`;
		const body = await get(ask, control, `/inference-profiles?${query}`);
		if (body === undefined) break;
		found.push(...listIn(body, 'inferenceProfileSummaries'));
		if (!isObject(body) || typeof body.nextToken !== 'string' || body.nextToken === '') break;
		next = body.nextToken;
	}
	return found;
}

function listIn(body: JsonValue, member: string): JsonObject[] {
	const list = isObject(body) ? body[member] : undefined;
	if (Array.isArray(list)) return list.filter(isObject);
	throw new RelaisError('provider_protocol', `its model list has no ${member}`);
}

/** Models of which the list says nothing of the kind are taken for callable. */
function onDemand({ inferenceTypesSupported: types, modelLifecycle: life }: JsonObject): boolean {
	if (isObject(life) && life.status !== 'ACTIVE' && life.status !== 'LEGACY') return false;
	return !Array.isArray(types) || types.includes('ON_DEMAND');
}

function words(value: JsonValue | undefined): string[] {
	return Array.isArray(value) ? value.flatMap((word) => MODALITIES[String(word)] ?? []) : [];
}

function facts(row: JsonObject): ListedModel {
	const output = Array.isArray(row.outputModalities) ? row.outputModalities : [];
	const inputs = words(row.inputModalities);
	const chat = output.includes('TEXT');
	const embeddings = output.includes('EMBEDDING');
	return {
		id: String(row.modelId),
		...(typeof row.modelName === 'string' ? { name: row.modelName } : {}),
		mode: embeddings ? 'embedding' : chat ? 'chat' : 'image',
		capabilities: {
			...{ chat, embeddings, streaming: chat && row.responseStreamingSupported !== false },
			vision: chat && inputs.includes('image'),
		},
		inputModalities: inputs,
		outputModalities: words(row.outputModalities),
	};
}

/** A profile, with the facts of the model behind it. */
function profile(row: JsonObject, described: ReadonlyMap<string, ListedModel>, book: ProfileBook): ListedModel | undefined {
	const own = row.type === 'APPLICATION';
	const id = own ? row.inferenceProfileArn : row.inferenceProfileId;
	if (typeof id !== 'string' || id === '' || (row.status !== undefined && row.status !== 'ACTIVE')) return undefined;
	const [first] = Array.isArray(row.models) ? row.models : [];
	const arn = isObject(first) && typeof first.modelArn === 'string' ? first.modelArn : id;
	const base = baseModel(arn);
	if (own) book.note(id, base);
	const name = typeof row.inferenceProfileName === 'string' ? { name: row.inferenceProfileName } : {};
	return { ...described.get(base), id, base, ...name };
}
