import { z } from 'zod';
import { AUTHS, KINDS, TIERS } from './types.ts';

/** Strict schemas of the catalog's files: what `scripts/import-catalog.ts` writes and the tests hold every row to. */

const text = z.string().min(1);
const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'must be YYYY, YYYY-MM or YYYY-MM-DD');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');
const tokens = z.int().nonnegative();
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable');
const providerId = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and dashes');
const usd = z.number().nonnegative();
const url = z.string().regex(/^https?:\/\/\S+$/, 'must be a URL');

const prices = { input: usd.optional(), output: usd.optional(), cacheRead: usd.optional(), cacheWrite: usd.optional() };

export const providerSchema = z.strictObject({
	id: providerId,
	name: text,
	status: z.enum(['retired', 'changed']).optional(),
	tier: z.enum(TIERS),
	kind: z.enum(KINDS),
	dialect: text,
	baseUrl: url,
	altBaseUrls: z.array(url),
	regionUrls: z.record(text, url),
	env: z.array(variable),
	envExtra: z.record(text, z.array(variable).min(1)),
	auth: z.enum(AUTHS),
	endpoints: z.record(text, text),
	capabilities: z.strictObject({
		chat: z.boolean(),
		streaming: z.boolean(),
		tools: z.boolean(),
		jsonSchema: z.boolean(),
		vision: z.boolean(),
		embeddings: z.boolean(),
		rerank: z.boolean(),
		images: z.boolean(),
		audio: z.boolean(),
		dataSources: z.boolean(),
	}),
	modelsEndpoint: text.nullable(),
	docsUrl: url,
	quirks: z.array(text),
	aliases: z.array(providerId),
});

const source = z.strictObject({ name: text, licence: text, version: text });

export const providersFileSchema = z.strictObject({ asOf: day, sources: z.array(source), providers: z.array(providerSchema) });

export const MODES = [
	'chat',
	'responses',
	'embedding',
	'rerank',
	'image',
	'transcription',
	'speech',
	'realtime',
	'moderation',
] as const;

const modality = z.enum(['text', 'image', 'audio', 'video', 'pdf', 'embedding', 'rerank', 'moderation']);

export const modelSchema = z.strictObject({
	id: text,
	name: text,
	mode: z.enum(MODES).optional(),
	context: tokens.optional(),
	maxInput: tokens.optional(),
	maxOutput: tokens.optional(),
	price: z.strictObject(prices).optional(),
	tiers: z.array(z.strictObject({ above: tokens, ...prices })).optional(),
	priceNote: text.optional(),
	in: z.array(modality).min(1),
	out: z.array(modality).min(1).optional(),
	tools: z.boolean().optional(),
	jsonSchema: z.boolean().optional(),
	reasoning: z.boolean().optional(),
	vision: z.boolean().optional(),
	streaming: z.boolean().optional(),
	dimensions: z.int().positive().optional(),
	cutoff: date.optional(),
	released: date.optional(),
	deprecated: z.literal(true).optional(),
	shutdown: day.optional(),
	replacement: text.optional(),
	aliases: z.array(text).optional(),
	from: z.array(z.int().nonnegative()).min(1),
});

export const modelsFileSchema = z.strictObject({
	asOf: day,
	sources: z.array(text),
	models: z.record(providerId, z.array(modelSchema)),
});

export const aliasSchema = z.strictObject({
	name: text,
	provider: providerId,
	id: text,
	state: z.enum(['current', 'ending', 'retired']),
	closest: text,
	note: text.optional(),
});

export const aliasesFileSchema = z.strictObject({ asOf: day, aliases: z.array(aliasSchema) });
