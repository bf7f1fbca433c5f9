import { z } from 'zod';
import { amount, duration, expectations, flag, name, oneOf, size, text, whole } from './scalars.ts';

/** The shape of relais.yaml. Every object is strict: a key that is not here is refused, with the nearest one that is. */

const GIB = 1024 ** 3;

const secretFile = z.strictObject({ file: text() });

/** A secret, or where it is to be read from. */
const secret = z.union([text('a text, or { file: path }'), secretFile]);

function strategy() {
	return z.enum(['priority']).register(expectations, {
		expects: '"priority"',
		message: 'this version has only the strategy "priority"',
		cure: 'Use strategy: priority, which tries the targets in order.',
	});
}

const limits = z.strictObject({
	rpm: whole(1, 1e9).optional().describe('Requests per minute.'),
	tpm: whole(1, 1e12).optional().describe('Tokens per minute.'),
	concurrency: whole(1, 1e6).optional().describe('Requests at once.'),
});

export const serverSchema = z.strictObject({
	host: text().optional().describe('Address to listen on. Default: 127.0.0.1.'),
	port: whole(0, 65_535).optional().describe('Default: 4242. 0: any free one.'),
	workers: whole(1, 256).optional().describe('Processes that serve requests. Default: 1.'),
	body_limit: size(GIB).optional().describe('Greatest request body. Default: 32mb.'),
	max_depth: whole(4, 10_000).optional().describe('Deepest nesting of a request body. Default: 128.'),
	request_timeout: duration().optional().describe('Time a client has to send its request. Default: 60s.'),
	drain_timeout: duration().optional().describe('Time running requests are given at shutdown. Default: 30s.'),
});

export const authSchema = z.strictObject({
	mode: oneOf(['keys', 'open']).optional().describe('open: no key is asked for; refused on an address other machines can reach.'),
	admin_token: secret.optional().describe('Token of the admin API.'),
	admin_token_file: text().optional(),
});

const timeouts = z.strictObject({
	connect: duration().optional().describe('Until connected. Default: 5s.'),
	headers: duration().optional().describe('From the request to the status line of a streamed answer. Default: 30s.'),
	answer: duration().optional().describe('From the request to the status line of an answer that is not streamed. Default: 5m.'),
	first_token: duration().optional().describe('From the status line to the first content of a streamed answer. Default: 30s.'),
	idle: duration().optional().describe('Longest silence within an answer. Default: 30s.'),
	total: duration().optional().describe('The whole call. Default: 10m.'),
});

export const providerSchema = z.strictObject({
	name: name().describe('What users write before the slash in "name/model".'),
	type: text().describe(
		'A provider of the catalog, openai-compatible, openai-responses-compatible, anthropic-compatible, or a type of a plug-in.',
	),
	enabled: flag().optional(),
	priority: whole(0, 1_000_000).optional().describe('1 comes first. Default: the place in this list.'),
	api_key: secret.optional(),
	api_key_file: text().optional().describe('File that holds the key.'),
	base_url: text().optional(),
	default_model: text().optional(),
	models: z
		.array(z.union([text('a model id, or { name, id }'), z.strictObject({ name: text(), id: text() })]))
		.optional()
		.describe("Models to serve, each by its id or under a name of your own. Default: the catalog's and the provider's own list."),
	timeouts: timeouts.optional(),
	limits: limits.optional(),
	headers: z.record(z.string(), secret).optional().describe('Extra request headers.'),
	options: z
		.record(z.string(), z.json())
		.optional()
		.describe('Settings only this type knows: organization, project, account_id ...'),
});

export const routingSchema = z.strictObject({
	strategy: strategy().optional(),
	health_check_interval: duration().optional(),
	failover_threshold: whole(1, 1000).optional().describe('Failures in a row after which a target is left alone.'),
	retries: whole(0, 20).optional().describe('Further tries on the same target after the first. Default: 2.'),
	backoff: z
		.strictObject({ base: duration().optional(), max: duration().optional() })
		.optional()
		.describe('Wait before a retry: doubled each time, from base (500ms) to max (8s).'),
	max_retry_after: duration().optional().describe('Longest Retry-After that is waited for. Default: 10s.'),
});

const target = z.union([
	text('a model ("provider/model", a route or a model id), or { model }'),
	z.strictObject({ model: text(), weight: amount().optional() }),
]);

export const routeSchema = z.strictObject({
	name: name().describe('What users write as the model.'),
	strategy: strategy().optional(),
	targets: z.array(target).min(1).register(expectations, { expects: 'a list of at least one target' }),
	fallbacks: z.array(text()).optional(),
});

export const keySchema = z.strictObject({
	name: name(),
	key: secret.optional(),
	key_file: text().optional(),
	models: z
		.array(text())
		.min(1)
		.register(expectations, { expects: 'a list of at least one pattern; "*" matches everything' })
		.optional(),
	limits: limits.optional(),
	budget: z
		.strictObject({ limit_usd: amount(), period: oneOf(['day', 'week', 'month', 'total']), hard: flag().optional() })
		.optional(),
});

export const pluginsSchema = z.array(text()).describe('Modules that add provider types; paths relative to this file.');
export const simulateSchema = oneOf(['auto', 'always', 'never']).describe('Simulated providers; auto: when there is no other.');
export const retiredModelsSchema = oneOf(['error', 'replace', 'ignore']).describe(
	'A model whose shutdown is past: refuse it with the closest one that answers (error, the default), send that one in its place (replace), or try it all the same (ignore).',
);
export const dataDirSchema = text().describe('Folder for what Relais stores. Default: .relais');

/** The whole file. Loading checks it part by part, so that one mistake hides no other. */
export const fileSchema = z.strictObject({
	$schema: z.string().optional(),
	server: serverSchema.optional(),
	auth: authSchema.optional(),
	data_dir: dataDirSchema.optional(),
	providers: z.array(providerSchema).optional(),
	routing: routingSchema.optional(),
	routes: z.array(routeSchema).optional(),
	keys: z.array(keySchema).optional(),
	plugins: pluginsSchema.optional(),
	simulate: simulateSchema.optional(),
	retired_models: retiredModelsSchema.optional(),
});

export type ServerEntry = z.output<typeof serverSchema>;
export type AuthEntry = z.output<typeof authSchema>;
export type ProviderEntry = z.output<typeof providerSchema>;
export type RoutingEntry = z.output<typeof routingSchema>;
export type RouteEntry = z.output<typeof routeSchema>;
export type KeyEntry = z.output<typeof keySchema>;
export type SecretEntry = z.output<typeof secret>;

/** A JSON Schema of the file, for editors. */
export function configJsonSchema(): object {
	return { title: 'Relais configuration', ...z.toJSONSchema(fileSchema, { io: 'input' }) };
}
