import { describe, expect, it } from 'vitest';
import { COMPATIBLE_TYPES, loadCatalog, MODULE_DIALECTS, reach, SPOKEN_DIALECTS, WIRE_FORMATS } from '../catalog/index.ts';
import { DIALECTS } from '../dialects/index.ts';
import { type Provider, type ProviderSettings, type ProviderType, RelaisError, type WireCall } from '../spec/index.ts';
import { createTestHost, testSettings } from '../testing/index.ts';
import { FORMATS, MODULES, VENDORS } from './builtin.ts';
import { ProviderRegistry } from './registry.ts';

const catalog = loadCatalog();
const host = createTestHost();

function create(settings: Partial<ProviderSettings> & { type: string }, ...added: ProviderType[]): Provider {
	const registry = new ProviderRegistry(catalog);
	for (const type of added) registry.add(type);
	return registry.create(testSettings(settings), host);
}

function refusal(settings: Partial<ProviderSettings> & { type: string }, ...added: ProviderType[]): RelaisError {
	try {
		create(settings, ...added);
	} catch (error) {
		return error as RelaisError;
	}
	throw new Error('was not refused');
}

/** Values for the placeholders of catalog addresses. */
const OPTIONS = {
	region: 'eu-west-1',
	account_id: 'acc',
	gateway_id: 'gw',
	host: 'adb.example',
	account: 'org-acc',
	resource: 'my-resource',
	project: 'my-project',
	token: 'the-key',
};

/** Every catalog provider this version reaches: what a chat goes to, and the path of the model list where there are such. */
const REACHED: [type: string, chat: string, models: string][] = [
	['openai', 'https://api.openai.com/v1/chat/completions', '/v1/models'],
	['anthropic', 'https://api.anthropic.com/v1/messages', '/v1/models?limit=1000'],
	['azure-openai', 'https://my-resource.openai.azure.com/openai/v1/chat/completions', '/openai/v1/models'],
	['gemini', 'https://generativelanguage.googleapis.com/v1beta/models/m:generateContent', '/v1beta/models?pageSize=1000'],
	['xai', 'https://api.x.ai/v1/chat/completions', '/v1/models'],
	['aws-bedrock', 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse', ''],
	[
		'vertex-ai',
		'https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/publishers/google/models/m:generateContent',
		'',
	],
	['azure-ai-foundry', 'https://my-resource.services.ai.azure.com/openai/v1/chat/completions', '/openai/v1/models'],
	['microsoft-copilot', 'https://my-resource.openai.azure.com/openai/v1/chat/completions', '/openai/v1/models'],
	['mistral', 'https://api.mistral.ai/v1/chat/completions', '/v1/models'],
	['deepseek', 'https://api.deepseek.com/chat/completions', '/models'],
	['qwen', 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions', '/compatible-mode/v1/models'],
	['qwen-cn', 'https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions', '/compatible-mode/v1/models'],
	['kimi', 'https://api.moonshot.ai/v1/chat/completions', '/v1/models'],
	['kimi-cn', 'https://api.moonshot.cn/v1/chat/completions', '/v1/models'],
	['glm', 'https://api.z.ai/api/paas/v4/chat/completions', '/api/paas/v4/models'],
	['glm-cn', 'https://open.bigmodel.cn/api/paas/v4/chat/completions', '/api/paas/v4/models'],
	['minimax', 'https://api.minimax.io/v1/chat/completions', '/v1/models'],
	['minimax-cn', 'https://api.minimaxi.com/v1/chat/completions', '/v1/models'],
	['deepinfra', 'https://api.deepinfra.com/v1/openai/chat/completions', '/v1/openai/models'],
	['novita', 'https://api.novita.ai/openai/v1/chat/completions', '/openai/v1/models'],
	['hyperbolic', 'https://api.hyperbolic.xyz/v1/chat/completions', '/v1/models'],
	['siliconflow', 'https://api.siliconflow.com/v1/chat/completions', '/v1/models'],
	['stepfun', 'https://api.stepfun.com/v1/chat/completions', '/v1/models'],
	['volcengine', 'https://ark.cn-beijing.volces.com/api/v3/chat/completions', '/api/v3/models'],
	['xiaomi', 'https://api.xiaomimimo.com/v1/chat/completions', '/v1/models'],
	['nscale', 'https://inference.api.nscale.com/v1/chat/completions', '/v1/models'],
	['groq', 'https://api.groq.com/openai/v1/chat/completions', '/openai/v1/models'],
	['cerebras', 'https://api.cerebras.ai/v1/chat/completions', '/v1/models'],
	['sambanova', 'https://api.sambanova.ai/v1/chat/completions', '/v1/models'],
	['fireworks', 'https://api.fireworks.ai/inference/v1/chat/completions', '/inference/v1/models'],
	['friendli', 'https://api.friendli.ai/serverless/v1/chat/completions', '/serverless/v1/models'],
	['inception', 'https://api.inceptionlabs.ai/v1/chat/completions', '/v1/models'],
	['together', 'https://api.together.ai/v1/chat/completions', '/v1/models'],
	['huggingface', 'https://router.huggingface.co/v1/chat/completions', '/v1/models'],
	['github-models', 'https://models.github.ai/inference/chat/completions', ''],
	['openrouter', 'https://openrouter.ai/api/v1/chat/completions', '/api/v1/models'],
	['cohere', 'https://api.cohere.com/v2/chat', '/v1/models?page_size=1000'],
	['perplexity', 'https://api.perplexity.ai/v1/responses', '/v1/models'],
	['nvidia-nim', 'https://integrate.api.nvidia.com/v1/chat/completions', '/v1/models'],
	['nebius', 'https://api.tokenfactory.nebius.com/v1/chat/completions', '/v1/models'],
	['baseten', 'https://inference.baseten.co/v1/chat/completions', '/v1/models'],
	['jina', '', ''],
	['voyage', '', ''],
	['cloudflare-workers-ai', 'https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions', ''],
	['ollama-cloud', 'https://ollama.com/api/chat', '/api/tags'],
	['meta', 'https://api.meta.ai/v1/chat/completions', '/v1/models'],
	['upstage', 'https://api.upstage.ai/v1/chat/completions', '/v1/models'],
	['wandb', 'https://api.inference.wandb.ai/v1/chat/completions', '/v1/models'],
	['chutes', 'https://llm.chutes.ai/v1/chat/completions', '/v1/models'],
	['venice', 'https://api.venice.ai/api/v1/chat/completions', '/api/v1/models'],
	['digitalocean', 'https://inference.do-ai.run/v1/chat/completions', '/v1/models'],
	['ai21', 'https://api.ai21.com/studio/v1/chat/completions', '/studio/v1/models'],
	['vercel-ai-gateway', 'https://ai-gateway.vercel.sh/v1/chat/completions', '/v1/models'],
	['cloudflare-ai-gateway', 'https://gateway.ai.cloudflare.com/v1/acc/gw/compat/chat/completions', '/v1/acc/gw/compat/models'],
	['litellm-proxy', 'http://localhost:4000/v1/chat/completions', '/v1/models'],
	['ovhcloud', 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions', '/v1/models'],
	['scaleway', 'https://api.scaleway.ai/v1/chat/completions', '/v1/models'],
	[
		'watsonx',
		'https://eu-west-1.ml.cloud.ibm.com/ml/v1/text/chat?version=2025-02-11',
		'/ml/v1/foundation_model_specs?version=2025-02-11',
	],
	['databricks', 'https://adb.example/serving-endpoints/chat/completions', ''],
	['snowflake-cortex', 'https://org-acc.snowflakecomputing.com/api/v2/cortex/v1/chat/completions', '/api/v2/cortex/v1/models'],
	['stackit', 'https://api.openai-compat.model-serving.eu01.onstackit.cloud/v1/chat/completions', '/v1/models'],
	['ollama', 'http://localhost:11434/api/chat', '/api/tags'],
	['lm-studio', 'http://localhost:1234/v1/chat/completions', '/v1/models'],
	['vllm', 'http://localhost:8000/v1/chat/completions', '/v1/models'],
	['llama-cpp', 'http://localhost:8080/v1/chat/completions', '/v1/models'],
	['localai', 'http://localhost:8080/v1/chat/completions', '/v1/models'],
	['sglang', 'http://localhost:30000/v1/chat/completions', '/v1/models'],
	['tgi', 'http://localhost:8080/v1/chat/completions', '/v1/models'],
	['llamafile', 'http://localhost:8080/v1/chat/completions', '/v1/models'],
	['docker-model-runner', 'http://localhost:12434/engines/v1/chat/completions', '/engines/v1/models'],
];

/** How a key is shown, by the catalog's word; all others: as a bearer. */
const SCHEMES: { readonly [auth: string]: string } = {
	'x-api-key': 'x-api-key the-key',
	'x-goog-api-key header': 'x-goog-api-key the-key',
	'api-key header': 'api-key the-key',
	// A key of express mode; tokens are fetched.
	'google-oauth2 bearer': 'x-goog-api-key the-key',
};

describe('a catalog provider', () => {
	it.each(REACHED)('%s is reached at %s', async (type, chat, models) => {
		const { wire } = create({ type, apiKey: 'the-key', options: OPTIONS });
		if (wire === undefined) throw new Error('no wire');
		const plain: WireCall = await wire.call(chat === '' ? 'embed' : 'chat', 'm', {});
		const call = (await wire.sign?.(plain)) ?? plain;
		expect(wire.supports('chat')).toBe(chat !== '');
		if (chat !== '') expect(call.origin + call.path).toBe(chat);
		expect(wire.supports('models') ? (await wire.call('models', '', {})).path : '').toBe(models);
		const auth = catalog.provider(type)?.auth ?? '';
		expect(call.headers.join(' ')).toContain(SCHEMES[auth] ?? 'authorization Bearer the-key');
	});

	it.each([
		['gemini', 'https://proxy.example/google', '/google/v1beta/models/m:generateContent'],
		['gemini', 'https://proxy.example/google/v1beta/', '/google/v1beta/models/m:generateContent'],
		['gemini', 'https://proxy.example/v1alpha', '/v1alpha/models/m:generateContent'],
		['anthropic', 'https://proxy.example/claude', '/claude/v1/messages'],
		['anthropic', 'https://proxy.example/claude/v1', '/claude/v1/messages'],
	])('%s takes %s for a base URL, as its own clients do', async (type, baseUrl, path) => {
		const call = await create({ type, apiKey: 'the-key', baseUrl }).wire?.call('chat', 'm', {});
		expect(call?.path).toBe(path);
	});

	it('is in the list above when this version speaks its dialect', () => {
		const reached = catalog.providers().filter((row) => reach(row, SPOKEN_DIALECTS) !== undefined);
		const overWires = reached.filter((row) => !MODULE_DIALECTS.includes(row.dialect));
		expect(REACHED.map(([type]) => type)).toEqual(overWires.map((row) => row.id));
		expect(new ProviderRegistry(catalog).types().toSorted()).toEqual(
			[...reached.map((row) => row.id), ...Object.keys(COMPATIBLE_TYPES)].toSorted(),
		);
	});

	it('says what it can do, model by model where the catalog knows it', () => {
		const provider = create({ type: 'groq', name: 'fast', apiKey: 'k' });
		const [row] = catalog.models('groq');
		expect(provider.capabilities(row?.id)).toEqual({ ...provider.capabilities(), ...row?.capabilities });
		expect(provider.capabilities('nobody-knows-it').chat).toBe(true);
	});

	it('asks for usage in every stream, whoever the vendor is', () => {
		for (const type of ['groq', 'openai', 'vllm', 'openai-compatible']) {
			const { wire } = create({ type, baseUrl: 'http://127.0.0.1:1/v1' });
			const changes = wire?.bodyChanges({ model: 'm', stream: true }, 'm', () => {});
			expect(changes, type).toEqual({ stream_options: { include_usage: true } });
		}
	});
});

describe('a compatible server', () => {
	it.each(Object.keys(COMPATIBLE_TYPES))('of type %s needs an address and no key', async (type) => {
		expect(refusal({ type }).message).toMatch(/no base_url/);
		const { wire } = create({ type, baseUrl: 'http://127.0.0.1:8000/v1' });
		const call = await wire?.call('chat', 'm', {});
		expect(call?.origin).toBe('http://127.0.0.1:8000');
		expect(call?.headers.join()).not.toMatch(/authorization|x-api-key/);
	});

	it('claims nothing it was not told', () => {
		const provider = create({ type: 'openai-compatible', baseUrl: 'http://127.0.0.1:8000/v1' });
		expect(new Set(Object.values(provider.capabilities('m')))).toEqual(new Set([null]));
	});
});

describe('the tables', () => {
	it('agree: each format of the catalog has its dialect and its habits', () => {
		expect([...new Set(Object.values(WIRE_FORMATS))].toSorted()).toEqual(Object.keys(FORMATS).toSorted());
		const chatting = Object.entries(FORMATS).filter(([, { paths }]) => paths.chat !== undefined);
		expect(DIALECTS.map((dialect) => dialect.name)).toEqual(expect.arrayContaining(chatting.map(([name]) => name)));
		expect(Object.keys(MODULES)).toEqual(MODULE_DIALECTS);
		for (const [name, format] of chatting) expect(format.dialect).toBe(name);
		for (const id of Object.keys(VENDORS)) expect(catalog.provider(id)?.id).toBe(id);
	});
});

describe('a type nobody knows', () => {
	it.each([
		['opnai', '"openai"'],
		['Antropic', '"anthropic"'],
		['openai-compatibel', '"openai-compatible"'],
		['lmstudio', '"lm-studio"'],
	])('%s is met with %s', (type, near) => {
		const error = refusal({ type });
		expect(error.code).toBe('config_invalid');
		expect(error.message).toContain(`provider "mine": no provider type "${type}". Did you mean`);
		expect(error.message).toContain(near);
	});

	it('that resembles no other is met with the way out', () => {
		expect(refusal({ type: 'zzzzzzzzzzzz' }).message).toContain('Use openai-compatible with a base_url.');
	});
});

/** A plug-in's provider; `more` breaks it. */
function plugged(type: string, make: (settings: ProviderSettings) => unknown): ProviderType {
	return { type, title: 'Plugged', create: (settings) => make(settings) as Provider };
}

function working(settings: ProviderSettings): object {
	const nothing = (): never => {
		throw new Error('not called');
	};
	return {
		name: settings.name,
		type: settings.type,
		capabilities: nothing,
		listModels: nothing,
		isHealthy: nothing,
		chat: nothing,
		chatStream: nothing,
	};
}

describe('a plug-in’s type', () => {
	it('adds to those that ship, and may replace one', () => {
		expect(create({ type: 'own' }, plugged('own', working)).type).toBe('own');
		const replaced = create({ type: 'openai', apiKey: 'k' }, plugged('openai', working));
		expect(replaced.wire).toBeUndefined();
		expect(create({ type: 'openai', apiKey: 'k' }).wire).toBeDefined();
	});

	it.each<[string, (settings: ProviderSettings) => unknown, RegExp]>([
		['nothing', () => undefined, /gives back no provider/],
		['a text', () => 'provider', /gives back no provider/],
		['a promise', (settings) => Promise.resolve(working(settings)), /without capabilities, listModels, isHealthy, chat/],
		['half a provider', (settings) => ({ ...working(settings), chatStream: undefined }), /without chatStream$/],
		['another name', (settings) => ({ ...working(settings), name: 'other' }), /named "other", not by the name/],
		['no name', (settings) => ({ ...working(settings), name: undefined }), /named undefined/],
	])('that makes %s is refused', (_, make, message) => {
		const error = refusal({ type: 'own' }, plugged('own', make));
		expect(error).toMatchObject({ code: 'config_invalid', provider: 'mine' });
		expect(error.message).toMatch(/^provider "mine": type "own" /);
		expect(error.message).toMatch(message);
	});

	it('that throws is named, with the reason', () => {
		const fails = plugged('own', () => {
			throw new TypeError('no region');
		});
		const error = refusal({ type: 'own' }, fails);
		expect(error).toMatchObject({ code: 'config_invalid', provider: 'mine' });
		expect(error.message).toBe('provider "mine": type "own" could not make a provider of its settings: no region');
		expect(error.cause).toBeInstanceOf(TypeError);
	});

	it('that refuses its settings in its own words is left them', () => {
		const own = new RelaisError('config_invalid', 'region is missing');
		const refuses = plugged('own', () => {
			throw own;
		});
		expect(refusal({ type: 'own' }, refuses)).toBe(own);
	});
});
