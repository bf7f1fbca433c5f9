import { describe, expect, it } from 'vitest';
import { callContext } from '../../test/support/providers.ts';
import { completion, completionEvents } from '../../test/support/upstream.ts';
import { dialectByName } from '../dialects/index.ts';
import {
	type ChatRequest,
	type Frame,
	type ModelInfo,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type StreamPart,
	type Timeouts,
	type WireCall,
} from '../spec/index.ts';
import { testSettings } from '../testing/index.ts';
import { FORMATS } from './builtin.ts';
import type { VendorDescriptor } from './descriptor.ts';
import { WireProvider } from './wire-provider.ts';

/** A vendor played by the test: what it answers, and what it was asked. */
interface Played {
	host: ProviderHost;
	calls: { call: WireCall; timeouts: Timeouts }[];
}

interface Answer {
	status?: number;
	headers?: { [name: string]: string };
	body?: string;
	/** Data of the frames of a stream. */
	frames?: string[];
	fails?: Error;
}

function play(answer: Answer, rows: ModelInfo[] = []): Played {
	const calls: Played['calls'] = [];
	const { status = 200, headers = {}, body = '', frames = [], fails } = answer;
	async function* told(): AsyncIterable<Frame> {
		for (const data of frames) yield { event: '', data };
	}
	const note = (call: WireCall, timeouts: Timeouts): void => {
		calls.push({ call, timeouts });
		if (fails !== undefined) throw fails;
	};
	const host: ProviderHost = {
		catalogModels: () => rows,
		dialect: dialectByName,
		request: async (call, timeouts) => {
			note(call, timeouts);
			return { status, headers, body: Buffer.from(body) };
		},
		stream: async (call, _dialect, timeouts) => {
			note(call, timeouts);
			return { status, headers, frames: told(), ...(status === 200 ? {} : { body: Buffer.from(body) }) };
		},
	};
	return { host, calls };
}

function provider(played: Played, more: Partial<VendorDescriptor> = {}, settings: Partial<ProviderSettings> = {}): WireProvider {
	const format = FORMATS['openai-chat'];
	if (format === undefined) throw new Error('no format');
	const vendor = { ...format, type: 'vendor', title: 'Vendor', keyVariables: ['VENDOR_KEY'], catalogId: 'vendor', ...more };
	const complete = testSettings({ type: 'vendor', baseUrl: 'http://h/v1', apiKey: 'sk-secret', ...settings });
	return new WireProvider(vendor, complete, played.host, { chat: true, tools: true });
}

const REQUEST: ChatRequest = {
	model: 'm',
	messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
	stream: false,
	sampling: {},
};

function row(id: string, more: Partial<ModelInfo> = {}): ModelInfo {
	const capabilities = {
		chat: true,
		streaming: true,
		tools: false,
		jsonSchema: null,
		vision: false,
		reasoning: null,
		embeddings: false,
		dataSources: null,
	};
	const price = { input: 1, output: 2, cacheRead: null, cacheWrite: null };
	const modalities = { inputModalities: ['text'], outputModalities: ['text'] };
	return {
		...{ id, provider: 'vendor', mode: 'chat', contextWindow: 1000, maxOutput: 10, price, capabilities },
		...modalities,
		...more,
	};
}

async function all(parts: AsyncIterable<StreamPart>): Promise<StreamPart[]> {
	const found: StreamPart[] = [];
	for await (const part of parts) found.push(part);
	return found;
}

const data = (events: string[]): string[] => events.map((event) => event.replace(/^data: /, '').trim());

describe('a chat', () => {
	it('is sent in the vendor’s dialect and comes back in ours', async () => {
		const played = play({ body: completion('Hi') });
		const context = callContext();
		const response = await provider(played).chat({ ...REQUEST, stream: true }, context);
		expect(response.candidates[0]).toMatchObject({ content: [{ type: 'text', text: 'Hi' }], stop: { kind: 'stop' } });
		expect(response.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
		const [sent] = played.calls;
		expect(sent?.call).toMatchObject({ origin: 'http://h', path: '/v1/chat/completions', method: 'POST' });
		const body = JSON.parse(String(sent?.call.body)) as { model: string; stream?: boolean };
		expect(body).toMatchObject({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
		expect(body.stream ?? false).toBe(false);
	});

	it('is signed once its body is known, as are the checks, where the vendor wants that', async () => {
		const signer: VendorDescriptor['signer'] = (settings) => async (call) => ({
			...call,
			headers: [...call.headers, 'x-signed', `${settings.apiKey} ${String(call.body ?? '').length > 0}`],
		});
		const played = play({ body: completion('Hi'), frames: data(completionEvents(['Hi'])) });
		const one = provider(played, { signer });
		await one.chat(REQUEST, callContext());
		await all(one.chatStream(REQUEST, callContext()));
		await one.isHealthy(callContext());
		expect(played.calls.map(({ call }) => call.headers.slice(-2))).toEqual([
			['x-signed', 'sk-secret true'],
			['x-signed', 'sk-secret true'],
			['x-signed', 'sk-secret false'],
		]);
		expect(one.wire.call('chat', 'm', {}).headers).not.toContain('x-signed');
	});

	it('passes through the vendor’s rules, which speak up when they change something', async () => {
		const played = play({ body: completion('Hi') });
		const context = callContext();
		const rules: VendorDescriptor['rules'] = [
			(rule) => {
				rule.set('temperature', undefined);
				rule.warn({ kind: 'dropped', path: 'temperature', message: 'not taken' });
			},
		];
		await provider(played, { rules }).chat({ ...REQUEST, sampling: { temperature: 1 } }, context);
		expect(JSON.parse(String(played.calls[0]?.call.body))).not.toHaveProperty('temperature');
		expect(context.warnings).toEqual([{ kind: 'dropped', path: 'temperature', message: 'not taken' }]);
	});

	it.each([
		[401, '{"error":{"message":"no","code":"invalid_api_key"}}', 'provider_auth'],
		[404, '{"error":{"message":"no model","code":"model_not_found"}}', 'provider_not_found'],
		[429, '{"error":{"message":"slow down"}}', 'rate_limited'],
		[503, '<html>down</html>', 'provider_unavailable'],
		[200, '<html>hello</html>', 'provider_protocol'],
		[200, '', 'provider_protocol'],
		[200, '{"error":{"message":"full"},"status":529}', 'provider_overloaded'],
	])('answered %i %s fails as %s', async (status, body, code) => {
		await expect(provider(play({ status, body })).chat(REQUEST, callContext())).rejects.toMatchObject({ code });
		if (status === 200) return;
		await expect(all(provider(play({ status, body })).chatStream(REQUEST, callContext()))).rejects.toMatchObject({ code });
	});

	it('that never arrived fails with the transport’s own word', async () => {
		const fails = new RelaisError('provider_unreachable', 'no route');
		await expect(provider(play({ fails })).chat(REQUEST, callContext())).rejects.toBe(fails);
	});
});

describe('a streamed chat', () => {
	it('asks for a stream with usage, and tells it in parts', async () => {
		const played = play({ frames: data(completionEvents(['Hel', 'lo'])) });
		const parts = await all(provider(played).chatStream(REQUEST, callContext()));
		const body = JSON.parse(String(played.calls[0]?.call.body)) as object;
		expect(body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
		expect(parts.filter((part) => part.type === 'text-delta').map((part) => part.text)).toEqual(['Hel', 'lo']);
		expect(parts.at(-1)?.type).toBe('end');
	});

	it('contacts nobody before it is read', () => {
		const played = play({});
		provider(played).chatStream(REQUEST, callContext());
		expect(played.calls).toEqual([]);
	});

	it('that breaks off has no end', async () => {
		const frames = data(completionEvents(['Hel', 'lo'])).slice(0, 2);
		const parts = await all(provider(play({ frames })).chatStream(REQUEST, callContext()));
		expect(parts.map((part) => part.type)).not.toContain('end');
	});

	it('says nothing after an error', async () => {
		const events = data(completionEvents(['Hel', 'lo']));
		const frames = [...events.slice(0, 2), '{"error":{"message":"broke"}}', ...events.slice(2)];
		const parts = await all(provider(play({ frames })).chatStream(REQUEST, callContext()));
		expect(parts.at(-1)).toMatchObject({ type: 'error', error: { message: 'broke' } });
		expect(parts.filter((part) => part.type === 'error')).toHaveLength(1);
	});

	it('ends when it is cancelled, though all of it has arrived', async () => {
		const abort = new AbortController();
		const frames = data(completionEvents(['Hel', 'lo']));
		const parts = provider(play({ frames })).chatStream(REQUEST, callContext(abort.signal))[Symbol.asyncIterator]();
		await parts.next();
		abort.abort();
		await expect(parts.next()).rejects.toMatchObject({ code: 'client_closed' });
	});

	it('with a frame that cannot be read fails', async () => {
		const frames = [...data(completionEvents(['Hel'])).slice(0, 2), '{"choices":[{'];
		const parts = all(provider(play({ frames })).chatStream(REQUEST, callContext()));
		await expect(parts).rejects.toMatchObject({ code: 'provider_protocol' });
	});
});

describe('the model list', () => {
	const rows = [row('known', { name: 'Known' }), row('other')];

	it('is the vendor’s live one, each row completed from the catalog', async () => {
		const body = JSON.stringify({ data: [{ id: 'known' }, { id: 'new' }, { id: 'known' }, { id: 5 }, { id: '' }, null, 'x'] });
		const played = play({ body }, rows);
		const models = await provider(played).listModels(callContext());
		expect(models.map((model) => [model.id, model.provider, model.name])).toEqual([
			['known', 'mine', 'Known'],
			['new', 'mine', undefined],
		]);
		expect(models[1]).toMatchObject({ price: { input: null }, contextWindow: null, capabilities: { chat: true, tools: true } });
		expect(played.calls[0]?.call).toMatchObject({ method: 'GET', path: '/v1/models' });
		expect(played.calls[0]?.timeouts.total).toBe(600_000);
	});

	it('may be a bare list', async () => {
		const models = await provider(play({ body: '[{"id":"a"}]' })).listModels(callContext());
		expect(models.map((model) => model.id)).toEqual(['a']);
	});

	it('is the catalog’s where the vendor has none, and nobody is asked', async () => {
		const played = play({}, rows);
		const models = await provider(played, { paths: { chat: '/chat' } }).listModels(callContext());
		expect(models.map((model) => model.id)).toEqual(['known', 'other']);
		expect(played.calls).toEqual([]);
	});

	it.each(['<html>', '{"data":{}}', '{}', '5'])('of another form (%s) is an error', async (body) => {
		await expect(provider(play({ body })).listModels(callContext())).rejects.toMatchObject({
			code: 'provider_protocol',
			provider: 'mine',
		});
	});

	it('that is refused is an error', async () => {
		await expect(provider(play({ status: 500, body: '{}' })).listModels(callContext())).rejects.toMatchObject({
			code: 'provider_error',
		});
	});
});

describe('a health check', () => {
	it('costs no tokens: it asks for the models', async () => {
		const played = play({ body: '{"data":[]}' });
		expect(await provider(played).isHealthy(callContext())).toEqual({ healthy: true, latencyMs: expect.any(Number) });
		expect(played.calls.map(({ call }) => call.path)).toEqual(['/v1/models']);
	});

	it('asks a vendor without a list for nothing, which the vendor refuses: for its key, or for the rest', async () => {
		const refused = play({ status: 400, body: '{"error":{"message":"messages is missing"}}' });
		const listless = (played: Played) => provider(played, { paths: { chat: '/chat' } }).isHealthy(callContext());
		expect(await listless(refused)).toMatchObject({ healthy: true, detail: expect.stringContaining('only use proves its key') });
		expect(refused.calls.map(({ call }) => [call.method, call.path, call.body])).toEqual([['POST', '/v1/chat', '{}']]);
		const wrongKey = play({ status: 401, body: '{"error":{"message":"no"}}' });
		expect(await listless(wrongKey)).toMatchObject({ healthy: false, detail: expect.stringContaining('VENDOR_KEY') });
		const wrongPath = play({ status: 404, body: 'not found' });
		expect(await listless(wrongPath)).toMatchObject({ healthy: false });
		expect(await listless(play({ status: 503, body: '{}' }))).toMatchObject({ healthy: false });
	});

	it('says so where it could not check', async () => {
		const played = play({});
		const report = await provider(played, { paths: { chat: '/{model}/chat' } }).isHealthy(callContext());
		expect(report).toMatchObject({ healthy: true, detail: expect.stringContaining('not checked') });
		expect(played.calls).toEqual([]);
	});

	it('names cause and cure of a refused key, not what the vendor quotes of it', async () => {
		const body = '{"error":{"message":"Incorrect API key provided: sk-secret","code":"invalid_api_key"}}';
		const report = await provider(play({ status: 401, body })).isHealthy(callContext());
		expect(report).toMatchObject({ healthy: false, latencyMs: expect.any(Number) });
		expect(report.detail).toBe('its key is missing or wrong; set VENDOR_KEY or api_key of provider "mine"');
	});

	it('reports a failure in place of failing', async () => {
		const fails = new RelaisError('provider_unreachable', 'nobody listens on h');
		expect(await provider(play({ fails })).isHealthy(callContext())).toMatchObject({
			healthy: false,
			detail: 'nobody listens on h',
		});
		expect(await provider(play({ status: 500, body: '{"error":{"message":"down"}}' })).isHealthy(callContext())).toMatchObject({
			healthy: false,
			detail: 'down',
		});
	});

	it('does not hide a mistake of our own', async () => {
		const fails = new TypeError('bug');
		await expect(provider(play({ fails })).isHealthy(callContext())).rejects.toBe(fails);
	});
});

describe('capabilities', () => {
	it('are the model’s where the catalog has it, else the vendor’s, else not known', () => {
		const one = provider(play({}, [row('known')]));
		expect(one.capabilities('known').tools).toBe(false);
		expect(one.capabilities('unknown').tools).toBe(true);
		expect(one.capabilities()).toMatchObject({ chat: true, tools: true, vision: null, reasoning: null });
	});
});

describe('the cure of a refused key', () => {
	it('names the variable, the setting and where keys are had', () => {
		const docsUrl = 'https://docs.example';
		expect(provider(play({}), { docsUrl }).credentialHint).toBe(
			'set VENDOR_KEY or api_key of provider "mine" (keys: https://docs.example)',
		);
		expect(provider(play({}), { keyVariables: [] }).credentialHint).toBe('set api_key of provider "mine"');
	});
});

describe('what the vendor tells of its models', () => {
	it('decides from then on how they are spoken to, also of those that were asked before', async () => {
		const played = play({ body: '{"data":[]}' });
		const one = provider(played, {
			list: async () => [{ id: 'mine', mode: 'responses', maxOutput: 77 }],
			also: { 'openai-responses': { paths: { chat: '/responses' } } },
			dialectsOf: (_model, known) => (known?.mode === 'responses' ? ['openai-responses'] : ['openai-chat']),
		});
		const before = one.wireFor?.('mine', 'openai-responses');
		expect(before?.dialect.name).toBe('openai-chat');
		expect(one.wireFor?.('mine', 'openai-chat').traits('mine').maxOutputTokens).toBeUndefined();
		await one.listModels(callContext());
		const after = one.wireFor?.('mine', 'openai-chat');
		expect(after?.dialect.name).toBe('openai-responses');
		expect(after?.traits('mine').maxOutputTokens).toBe(77);
	});
});

describe('a refusal that comes as a success', () => {
	it('is an error for callers of the provider too', async () => {
		const played = play({ body: '{"error":{"message":"No room left","type":"server_error","code":503}}' });
		await expect(provider(played).chat(REQUEST, callContext())).rejects.toThrow(/No room left/);
		const refusalIn = (): RelaisError => new RelaisError('provider_quota', 'out of credit');
		const other = play({ body: completion('Hi') });
		await expect(provider(other, { refusalIn }).chat(REQUEST, callContext())).rejects.toThrow(/out of credit/);
	});

	it('is one where the answer is no object at all', async () => {
		for (const body of ['', '<html></html>', '[]', '"yes"'])
			await expect(provider(play({ body })).chat(REQUEST, callContext())).rejects.toMatchObject({ code: 'provider_protocol' });
	});
});
