import { describe, expect, it } from 'vitest';
import { shipped } from '../../../test/support/providers.ts';
import type { JsonObject, ProviderSettings, WireCall } from '../../spec/index.ts';
import { createTestHost, testSettings } from '../../testing/index.ts';
import { applyRules } from '../rules.ts';
import { bedrockSigner, regionOf } from './credentials.ts';
import { bedrockTraits } from './index.ts';
import { baseModel, familyOf } from './models.ts';
import { bodyRules } from './rules.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const CALL: WireCall = {
	origin: 'https://h',
	method: 'POST',
	path: '/',
	headers: ['content-type', 'application/json'],
	body: '{}',
};
const NO_FILES = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };

async function authorization(
	settings: Partial<ProviderSettings>,
	env: { [name: string]: string } = {},
): Promise<string | undefined> {
	const sign = bedrockSigner(testSettings({ type: 'aws-bedrock', ...settings }), { ...NO_FILES, ...env });
	const { headers } = (await sign?.(CALL)) ?? CALL;
	const at = headers.indexOf('authorization');
	return at < 0 ? undefined : headers[at + 1];
}

describe('a thinking budget', () => {
	const thinking = { type: 'enabled', budget_tokens: 2048 };
	const given = (id: string, first: JsonObject[] = [], fields: JsonObject = { thinking }) => {
		const messages: JsonObject[] = [
			{ role: 'user', content: [{ text: 'Weather?' }] },
			{ role: 'assistant', content: [...first, { toolUse: { toolUseId: id, name: 'get_weather', input: {} } }] },
			{ role: 'user', content: [{ toolResult: { toolUseId: id, content: [{ text: 'sunny' }] } }] },
		];
		const warned: string[] = [];
		const body = { messages, additionalModelRequestFields: fields };
		const changes = applyRules(bodyRules(baseModel), body, 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', {}, ({ path }) => {
			warned.push(path);
		});
		return { changes, warned };
	};

	it("is left out, with a warning, while another vendor's calls are answered", () => {
		const warned = ['additionalModelRequestFields.thinking'];
		expect(given('call_1')).toEqual({ changes: { additionalModelRequestFields: undefined }, warned });
		const both = given('call_1', [], { thinking, top_p: 1 });
		expect(both).toEqual({ changes: { additionalModelRequestFields: { top_p: 1 } }, warned });
	});

	it('stays where the calls are of the service, begin with a thought, or the model decides for itself', () => {
		const thought = { reasoningContent: { reasoningText: { text: 'Hm.', signature: 's' } } };
		for (const none of [given('tooluse_1'), given('call_1', [thought]), given('call_1', [], { thinking: { type: 'adaptive' } })])
			expect(none).toEqual({ changes: null, warned: [] });
	});
});

describe('a model id', () => {
	it.each([
		['us.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
		['global.amazon.nova-2-lite-v1:0', 'amazon.nova-2-lite-v1:0'],
		['us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
		['anthropic.claude-opus-5', 'anthropic.claude-opus-5'],
		[
			'arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.meta.llama3-2-1b-instruct-v1:0',
			'meta.llama3-2-1b-instruct-v1:0',
		],
		['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
		['arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123', 'abc123'],
	])('%s stands for %s', (id, base) => expect(baseModel(id)).toBe(base));

	it('tells maker and family', () => {
		expect(familyOf('eu.openai.gpt-oss-20b-1:0')).toEqual({ maker: 'openai', name: 'gpt-oss-20b-1:0' });
		expect(familyOf('abc123')).toEqual({ maker: '', name: 'abc123' });
	});

	it('of a profile has what the catalog says of its model, and an address of its own', () => {
		const provider = shipped({ type: 'aws-bedrock', options: { region: 'eu-west-1' }, apiKey: 'key' }, createTestHost());
		expect(provider.capabilities('eu.anthropic.claude-opus-5')).toEqual(provider.capabilities('anthropic.claude-opus-5'));
		const arn = 'arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x.m-v1:0';
		expect(provider.wire?.call('chat', arn, {}, true)).toMatchObject({
			origin: 'https://bedrock-runtime.eu-west-1.amazonaws.com',
			path: '/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x.m-v1%3A0/converse-stream',
		});
	});

	it('says how its model wants to be spoken to', () => {
		expect(bedrockTraits('us.anthropic.claude-sonnet-4-5-20250929-v1:0', 64_000)).toMatchObject({
			reasoning: 'budget',
			maxOutputTokens: 64_000,
		});
		expect(bedrockTraits('anthropic.claude-opus-5', null)).toMatchObject({
			reasoning: 'adaptive',
			sampling: false,
			prefill: false,
		});
		expect(bedrockTraits('openai.gpt-oss-120b-1:0', null)).toEqual({ reasoning: 'effort', efforts: ['low', 'medium', 'high'] });
		expect(bedrockTraits('amazon.titan-text-lite-v1', null)).toEqual({ systemRole: 'user', jsonSchema: false });
	});
});

describe('credentials', () => {
	it('that are no access key go as a bearer key', async () => {
		expect(await authorization({ apiKey: 'bedrock-key' })).toBe('Bearer bedrock-key');
		expect(await authorization({}, { AWS_BEARER_TOKEN_BEDROCK: 'env-key' })).toBe('Bearer env-key');
	});

	it.each<[string, Partial<ProviderSettings>, { [name: string]: string }]>([
		['id and secret of the config', { apiKey: ID, options: { secret: 's' } }, { AWS_BEARER_TOKEN_BEDROCK: 'env-key' }],
		['keys under their long names', { options: { access_key_id: ID, secret_access_key: 's' } }, {}],
		['the id of the environment with its secret there', { apiKey: ID }, { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: 's' }],
		['nothing but the environment', {}, { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: 's' }],
	])('sign calls: %s', async (_, settings, env) => {
		expect(await authorization(settings, env)).toMatch(new RegExp(`^AWS4-HMAC-SHA256 Credential=${ID}/`));
	});

	it('in a header of the config are left alone', async () => {
		expect(await authorization({ headers: { Authorization: 'own' }, apiKey: 'key' })).toBeUndefined();
	});

	it('of a profile that is not there are refused by name', async () => {
		await expect(authorization({ options: { profile: 'nobody' } })).rejects.toMatchObject({ code: 'provider_auth' });
	});

	it('are for the region of the option, the address or the environment', () => {
		const region = (settings: Partial<ProviderSettings>, env = {}) => regionOf(testSettings({ type: 'x', ...settings }), env);
		expect(region({ options: { region: 'eu-west-3' } }, { AWS_REGION: 'us-west-2' })).toBe('eu-west-3');
		expect(region({ baseUrl: 'https://bedrock-runtime.ap-south-1.amazonaws.com' })).toBe('ap-south-1');
		expect(region({ baseUrl: 'https://vpce-1.bedrock-runtime.eu-central-1.vpce.amazonaws.com' })).toBe('eu-central-1');
		expect(region({}, { AWS_REGION: 'us-west-2' })).toBe('us-west-2');
		expect(region({})).toBe('us-east-1');
	});
});

describe('a body', () => {
	function changed(model: string, body: JsonObject) {
		const paths: string[] = [];
		const changes = applyRules(bodyRules(baseModel), body, model, {}, ({ path }) => paths.push(path));
		return { changes, paths };
	}
	const fields = (additionalModelRequestFields: JsonObject): JsonObject => ({ additionalModelRequestFields });

	it.each<[string, JsonObject, JsonObject]>([
		['amazon.nova-pro-v1:0', { top_k: 5 }, { inferenceConfig: { topK: 5 } }],
		[
			'us.amazon.nova-2-lite-v1:0',
			{ reasoning_effort: 'low' },
			{ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } },
		],
		['cohere.command-r-v1:0', { top_k: 5 }, { k: 5 }],
	])('for %s has the fields of its maker', (model, given, wanted) => {
		expect(changed(model, fields(given))).toEqual({ changes: fields(wanted), paths: [] });
	});

	it('loses top-k where the model has none, and says so', () => {
		expect(changed('meta.llama3-1-8b-instruct-v1:0', fields({ top_k: 5 }))).toEqual({
			changes: { additionalModelRequestFields: undefined },
			paths: ['additionalModelRequestFields.top_k'],
		});
	});

	it('loses cache points where the model knows none, and says so', () => {
		const cachePoint = { cachePoint: { type: 'default' } };
		const body: JsonObject = {
			system: [{ text: 's' }, cachePoint],
			messages: [{ role: 'user', content: [{ text: 'a' }, cachePoint] }],
			toolConfig: { tools: [{ toolSpec: {} }, cachePoint] },
		};
		const bare = { toolConfig: { tools: [{ toolSpec: {} }] } };
		expect(changed('eu.anthropic.claude-sonnet-5', body).changes).toBeNull();
		expect(changed('amazon.nova-lite-v1:0', body)).toEqual({ changes: bare, paths: ['toolConfig'] });
		expect(changed('meta.llama3-1-8b-instruct-v1:0', body).changes).toEqual({
			...bare,
			system: [{ text: 's' }],
			messages: [{ role: 'user', content: [{ text: 'a' }] }],
		});
	});
});
