import { afterEach, describe, expect, it } from 'vitest';
import { callContext, shipped } from '../../../test/support/providers.ts';
import { startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import { startSimulators } from '../../simulators/index.ts';
import type { JsonObject, Provider, ProviderSettings } from '../../spec/index.ts';
import { createTestHost, type TestHost, testSettings } from '../../testing/index.ts';
import { applyRules } from '../rules.ts';
import { guardrailRules } from './guardrail.ts';
import { controlPlane } from './list.ts';
import { usualProfile } from './models.ts';

const SONNET = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const ARN = 'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/ab12';
const NOVA_ARN = 'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/cd34';

const model = (modelId: string, more: JsonObject = {}): JsonObject => ({
	...{ modelId, modelName: `Name of ${modelId}`, inputModalities: ['TEXT', 'IMAGE'], outputModalities: ['TEXT'] },
	...{ responseStreamingSupported: true, inferenceTypesSupported: ['ON_DEMAND'], modelLifecycle: { status: 'ACTIVE' } },
	...more,
});
const profile = (inferenceProfileId: string, behind: string, more: JsonObject = {}): JsonObject => ({
	...{ inferenceProfileId, inferenceProfileName: `P ${inferenceProfileId}`, status: 'ACTIVE', type: 'SYSTEM_DEFINED' },
	models: [{ modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${behind}` }],
	...more,
});

const host: TestHost = createTestHost();
let upstream: Upstream | undefined;
afterEach(async () => {
	await upstream?.close();
	upstream = undefined;
});

/** Bedrock behind a control plane that answers so, by path. */
async function bedrockWith(
	answers: { [path: string]: JsonObject | number },
	more: Partial<ProviderSettings> = {},
): Promise<Provider> {
	upstream = await startUpstream((request, response) => {
		const url = new URL(request.url ?? '', 'http://h');
		const answer = answers[url.pathname + (url.searchParams.get('typeEquals') ?? '')] ?? answers[url.pathname] ?? 404;
		response.setHeader('content-type', 'application/json');
		if (typeof answer === 'number') {
			response.setHeader('x-amzn-errortype', answer === 403 ? 'AccessDeniedException' : 'UnrecognizedClientException');
			response.writeHead(answer).end('{"message":"No."}');
		} else response.end(JSON.stringify(answer));
	});
	const origin = new URL(upstream.baseUrl).origin;
	return shipped({ type: 'aws-bedrock', baseUrl: origin, apiKey: 'key', options: { region: 'eu-west-1' }, ...more }, host);
}

describe('the model list', () => {
	const answers = {
		'/foundation-models': {
			modelSummaries: [
				model('amazon.nova-lite-v1:0'),
				model(SONNET, { inferenceTypesSupported: ['INFERENCE_PROFILE'] }),
				model('meta.gone-v1:0', { modelLifecycle: { status: 'RETIRED' } }),
				model('cohere.embed-v4:0', { outputModalities: ['EMBEDDING'] }),
				model('new.thing-v1:0', { inputModalities: ['TEXT'] }),
			],
		},
		'/inference-profilesSYSTEM_DEFINED': {
			inferenceProfileSummaries: [profile(`eu.${SONNET}`, SONNET), profile('eu.x.y-v1:0', 'x.y-v1:0', { status: 'INACTIVE' })],
		},
		'/inference-profilesAPPLICATION': {
			inferenceProfileSummaries: [
				profile('ab12', SONNET, { inferenceProfileArn: ARN, type: 'APPLICATION', inferenceProfileName: 'team-a' }),
				profile('cd34', 'amazon.nova-lite-v1:0', { inferenceProfileArn: NOVA_ARN, type: 'APPLICATION' }),
			],
		},
	};

	it('holds what can be called, profiles under the names they are called by', async () => {
		const listed = await (await bedrockWith(answers)).listModels(callContext());
		expect(listed.map(({ id, mode }) => [id, mode])).toEqual([
			['amazon.nova-lite-v1:0', 'chat'],
			['cohere.embed-v4:0', 'embedding'],
			['new.thing-v1:0', 'chat'],
			[`eu.${SONNET}`, 'chat'],
			[ARN, 'chat'],
			[NOVA_ARN, 'chat'],
		]);
	});

	it('is completed by the catalog, for profiles with their model’s prices and limits', async () => {
		const provider = await bedrockWith(answers);
		const listed = new Map((await provider.listModels(callContext())).map((each) => [each.id, each]));
		expect(listed.get(`eu.${SONNET}`)).toMatchObject({
			price: { input: 3, output: 15 },
			contextWindow: 200_000,
			provider: 'mine',
		});
		expect(listed.get(ARN)).toMatchObject({ name: 'team-a', price: { input: 3, output: 15 }, maxOutput: 64_000 });
		expect(listed.get('new.thing-v1:0')).toMatchObject({
			price: { input: null },
			capabilities: { vision: false, streaming: true },
		});
		expect(provider.capabilities(ARN)).toMatchObject({ reasoning: true, vision: true });
	});

	it('tells how the model behind an account’s own profile wants to be spoken to', async () => {
		const provider = await bedrockWith(answers);
		expect(provider.wire?.traits(ARN)).toEqual({});
		await provider.listModels(callContext());
		expect(provider.wire?.traits(ARN)).toMatchObject({ reasoning: 'budget', maxOutputTokens: 64_000 });
		const changes = provider.wire?.bodyChanges({ additionalModelRequestFields: { top_k: 5 } }, NOVA_ARN, () => undefined);
		expect(changes).toEqual({ additionalModelRequestFields: { inferenceConfig: { topK: 5 } } });
	});

	it('is the catalog’s where the credentials may only call models', async () => {
		const provider = await bedrockWith({ '/foundation-models': 403, '/inference-profiles': 403 });
		const listed = await provider.listModels(callContext());
		expect(listed.some(({ id }) => id === SONNET)).toBe(true);
		expect(await provider.isHealthy(callContext())).toMatchObject({
			healthy: true,
			detail: expect.stringContaining('may not list models'),
		});
	});

	it('goes without profiles where only those may not be seen', async () => {
		const provider = await bedrockWith({
			...answers,
			'/inference-profilesSYSTEM_DEFINED': 403,
			'/inference-profilesAPPLICATION': 403,
		});
		expect((await provider.listModels(callContext())).map(({ id }) => id)).not.toContain(`eu.${SONNET}`);
	});

	it.each([
		['no list', { '/foundation-models': { modelSummaries: 'none' }, '/inference-profiles': { inferenceProfileSummaries: [] } }],
		['another form', { '/foundation-models': {}, '/inference-profiles': { inferenceProfileSummaries: [] } }],
	])('of %s is refused', async (_, wrong) => {
		await expect((await bedrockWith(wrong)).listModels(callContext())).rejects.toMatchObject({ code: 'provider_protocol' });
	});

	it('is asked for by credentials the service knows, or the check says what to set', async () => {
		const provider = await bedrockWith({ '/foundation-models': 401, '/inference-profiles': 401 });
		expect(await provider.isHealthy(callContext())).toMatchObject({
			healthy: false,
			detail: expect.stringContaining('AWS_BEARER_TOKEN_BEDROCK'),
		});
	});

	it('of the simulator is read, signed', async () => {
		const simulators = await startSimulators({ vendors: [{ name: 'sim', kind: 'bedrock' }] });
		const [vendor] = simulators.vendors;
		const keys = { access_key_id: vendor?.keys?.accessKeyId ?? '', secret: vendor?.keys?.secretAccessKey ?? '' };
		const provider = shipped(
			{ type: 'aws-bedrock', baseUrl: vendor?.baseUrl ?? '', options: { region: 'us-east-1', ...keys } },
			host,
		);
		const listed = await provider.listModels(callContext());
		expect(listed.length).toBeGreaterThan(10);
		expect(listed.some(({ id }) => /^(us|eu|global)\./.test(id))).toBe(true);
		expect(await provider.isHealthy(callContext())).toMatchObject({ healthy: true });
		await simulators.close();
	});
});

describe('the control plane', () => {
	const of = (settings: Partial<ProviderSettings>) => controlPlane(testSettings({ type: 'x', ...settings }), 'eu-west-3');
	it.each<[string, Partial<ProviderSettings>, object]>([
		['the vendor’s', {}, { origin: 'https://bedrock.eu-west-3.amazonaws.com', prefix: '' }],
		[
			'that beside an address of the vendor’s',
			{ baseUrl: 'https://bedrock-runtime-fips.us-east-1.amazonaws.com' },
			{ origin: 'https://bedrock-fips.us-east-1.amazonaws.com', prefix: '' },
		],
		[
			'the public one for a private endpoint',
			{ baseUrl: 'https://vpce-1.bedrock-runtime.eu-west-3.vpce.amazonaws.com' },
			{ origin: 'https://bedrock.eu-west-3.amazonaws.com', prefix: '' },
		],
		['the server itself for one of the user’s own', { baseUrl: 'http://127.0.0.1:9/x' }, { prefix: '' }],
		['what the config says', { options: { control_url: 'https://h/y/' } }, { origin: 'https://h', prefix: '/y' }],
	])('is %s', (_, settings, expected) => expect(of(settings)).toEqual(expected));

	it('that is no address is refused', () =>
		expect(() => of({ options: { control_url: 'x' } })).toThrow(/control_url is not a URL/));
});

describe('a guardrail of the config', () => {
	const rules = (guardrail: JsonObject | string) => guardrailRules(testSettings({ type: 'x', options: { guardrail } }));
	const changed = (guardrail: JsonObject, body: JsonObject = {}) => applyRules(rules(guardrail), body, 'm', {}, () => undefined);

	it('is put on every request that names none', () => {
		expect(changed({ id: 'gr-1', version: 3, trace: true })).toEqual({
			guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: '3', trace: 'enabled' },
		});
		expect(changed({ id: 'gr-1' })).toEqual({ guardrailConfig: { guardrailIdentifier: 'gr-1', guardrailVersion: 'DRAFT' } });
		expect(changed({ id: 'gr-1' }, { guardrailConfig: { guardrailIdentifier: 'own' } })).toBeNull();
	});

	it.each<[JsonObject | string, RegExp]>([
		['gr-1', /must be \{ id, version, trace \}/],
		[{}, /guardrail\.id is missing/],
		[{ id: 'x', version: 'latest' }, /\.version must be a number or DRAFT/],
		[{ id: 'x', trace: 'loud' }, /\.trace must be one of/],
	])('%j is refused by name', (guardrail, message) => expect(() => rules(guardrail)).toThrow(message));
});

describe('a model that needs a profile', () => {
	it.each([
		['us-east-1', 'us'],
		['eu-west-1', 'eu'],
		['ap-northeast-1', 'jp'],
		['ap-south-1', 'apac'],
		['us-gov-west-1', 'us-gov'],
		['sa-east-1', 'global'],
	])('in %s has one that begins with %s', (region, prefix) => expect(usualProfile(SONNET, region)).toBe(`${prefix}.${SONNET}`));

	it('is told so with the profile to ask for', async () => {
		const provider = await bedrockWith({});
		const { wire } = provider;
		const refused = wire?.dialect.decodeError(
			400,
			{ 'x-amzn-errortype': 'ValidationException' },
			{ message: 'Invocation of model ID x with on-demand throughput isn’t supported.' },
		);
		expect(refused && provider.cure?.(refused, SONNET)).toContain(`eu.${SONNET}`);
	});
});
