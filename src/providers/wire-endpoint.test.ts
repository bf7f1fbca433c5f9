import { describe, expect, it } from 'vitest';
import type { ClientHeaders, ModelInfo, ProviderSettings, RelaisError } from '../spec/index.ts';
import { createTestHost, testSettings } from '../testing/index.ts';
import { FORMATS, VENDORS } from './builtin.ts';
import type { VendorDescriptor } from './descriptor.ts';
import { VendorEndpoint } from './wire-endpoint.ts';

const CHAT = descriptor('openai-chat');
const MESSAGES = descriptor('anthropic-messages');

function descriptor(dialect: string, more: Partial<VendorDescriptor> = {}): VendorDescriptor {
	const format = FORMATS[dialect];
	if (format === undefined) throw new Error(`no format ${dialect}`);
	return { ...format, type: 'vendor', title: 'Vendor', keyVariables: [], ...more };
}

function endpoint(
	vendor: VendorDescriptor,
	settings: Partial<ProviderSettings>,
	models: ReadonlyMap<string, ModelInfo> = new Map(),
): VendorEndpoint {
	return new VendorEndpoint(vendor, testSettings({ type: 'vendor', ...settings }), createTestHost(), models);
}

function url(vendor: VendorDescriptor, settings: Partial<ProviderSettings>): string {
	const { origin, path } = endpoint(vendor, settings).call('chat', 'm', {});
	return origin + path;
}

/** Headers by name; a name sent twice shows as a list. */
function headers(vendor: VendorDescriptor, settings: Partial<ProviderSettings>, client: ClientHeaders = {}): object {
	const call = endpoint(vendor, { baseUrl: 'http://h/v1', ...settings }).call('chat', 'm', client);
	const found: { [name: string]: string | string[] } = {};
	for (let i = 0; i < call.headers.length; i += 2) {
		const [name = '', value = ''] = call.headers.slice(i, i + 2);
		const before = found[name];
		found[name] = before === undefined ? value : [...[before].flat(), value];
	}
	return found;
}

function refusal(vendor: VendorDescriptor, settings: Partial<ProviderSettings>): RelaisError {
	try {
		endpoint(vendor, settings);
	} catch (error) {
		return error as RelaisError;
	}
	throw new Error('was not refused');
}

describe('the address of a call', () => {
	it.each([
		['http://h:8000/v1', 'http://h:8000/v1/chat/completions'],
		['http://h:8000/v1/', 'http://h:8000/v1/chat/completions'],
		['http://h:8000/v1//', 'http://h:8000/v1/chat/completions'],
		['http://h:8000', 'http://h:8000/chat/completions'],
		['http://h:8000/', 'http://h:8000/chat/completions'],
		['https://h/a/b/openai', 'https://h/a/b/openai/chat/completions'],
		['https://h:443/v1', 'https://h/v1/chat/completions'],
		['http://[::1]:8000/v1', 'http://[::1]:8000/v1/chat/completions'],
		['https://h/v 1', 'https://h/v%201/chat/completions'],
	])('%s becomes %s where the format adds nothing', (baseUrl, expected) => expect(url(CHAT, { baseUrl })).toBe(expected));

	it.each([
		['https://h', 'https://h/v1/messages'],
		['https://h/', 'https://h/v1/messages'],
		['https://h/v1', 'https://h/v1/messages'],
		['https://h/v1/', 'https://h/v1/messages'],
		['https://h/anthropic', 'https://h/anthropic/v1/messages'],
		['https://h/anthropic/v1', 'https://h/anthropic/v1/messages'],
		['https://h/v2', 'https://h/v2/messages'],
	])('%s becomes %s where clients of the format add /v1', (baseUrl, expected) =>
		expect(url(MESSAGES, { baseUrl })).toBe(expected),
	);

	it.each(['', '/', '/v1', '/v1/', '/api', '/api/'])('of a local server is found behind "%s"', (path) => {
		const vendor = descriptor('ollama', VENDORS.ollama);
		expect(url(vendor, { baseUrl: `http://127.0.0.1:11434${path}` })).toBe('http://127.0.0.1:11434/api/chat');
	});

	it.each(['.', '..'])('climbs nowhere by a model called "%s"', (model) => {
		const vendor = descriptor('openai-chat', { baseUrl: 'http://h/v1', paths: { chat: '/deployments/{model}/chat' } });
		expect(() => endpoint(vendor, {}).call('chat', model, {})).toThrow(`"${model}" is no model`);
	});

	it('holds the model where the format puts it into the path, percent-encoded, and the stream’s own path', () => {
		const paths = { chat: '/model/{model}/converse', chatStream: '/model/{model}/converse-stream' };
		const one = endpoint({ ...CHAT, paths }, { baseUrl: 'https://h/v1' });
		expect(one.call('chat', 'vendor.m-v1:0', {}).path).toBe('/v1/model/vendor.m-v1%3A0/converse');
		expect(one.call('chat', 'arn:a/b?$&', {}, true).path).toBe('/v1/model/arn%3Aa%2Fb%3F%24%26/converse-stream');
	});

	it('is the same for streams where the format has no other', () => {
		expect(endpoint(CHAT, { baseUrl: 'https://h/v1' }).call('chat', 'm', {}, true).path).toBe('/v1/chat/completions');
	});

	it('is the vendor’s own where the config gives none', () => {
		expect(url({ ...CHAT, baseUrl: 'https://own.example/v1' }, {})).toBe('https://own.example/v1/chat/completions');
		expect(url({ ...CHAT, baseUrl: 'https://own.example/v1' }, { baseUrl: 'http://h' })).toBe('http://h/chat/completions');
	});

	it('takes what it lacks from the options', () => {
		const vendor = { ...CHAT, baseUrl: 'https://{host}/accounts/{account_id}/v1' };
		expect(url(vendor, { options: { host: 'a.example', account_id: 17 } })).toBe(
			'https://a.example/accounts/17/v1/chat/completions',
		);
		expect(url(vendor, { options: { host: 'a.example', account_id: 'x/../y?z' } })).toBe(
			'https://a.example/accounts/x%2F..%2Fy%3Fz/v1/chat/completions',
		);
	});

	it.each([
		[{}, /no base_url/],
		[{ baseUrl: 'https://{host}/v1' }, /needs the option "host"/],
		[{ baseUrl: 'https://{host}/v1', options: { host: '' } }, /needs the option "host"/],
		[{ baseUrl: 'https://{host}/v1', options: { host: { a: 1 } } }, /needs the option "host"/],
		[{ baseUrl: 'https://{host}/v1', options: { host: 'a/b' } }, /is not a URL/],
		[{ baseUrl: 'h:8000/v1' }, /must begin with http/],
		[{ baseUrl: 'ftp://h/v1' }, /must begin with http/],
		[{ baseUrl: 'nonsense' }, /is not a URL/],
		[{ baseUrl: 'https://u:secret@h/v1' }, /user or a password/],
		[{ baseUrl: 'https://h/v1?api-version=1' }, /query/],
		[{ baseUrl: 'https://h/v1#x' }, /fragment/],
	])('is refused when it is %o', (settings, message) => {
		const error = refusal(CHAT, settings);
		expect(error.code).toBe('config_invalid');
		expect(error.provider).toBe('mine');
		expect(error.message).toMatch(message);
		expect(error.message).not.toContain('secret');
	});

	it('is asked by GET for the models and by POST for the rest', () => {
		const chat = endpoint(CHAT, { baseUrl: 'http://h/v1' });
		expect(chat.call('models', '', {})).toMatchObject({ method: 'GET', path: '/v1/models' });
		expect(chat.call('chat', 'm', {})).toMatchObject({ method: 'POST' });
		const messages = endpoint(MESSAGES, { baseUrl: 'http://h' });
		expect(messages.call('count_tokens', 'm', {})).toMatchObject({ method: 'POST', path: '/v1/messages/count_tokens' });
		expect(messages.call('models', '', {})).toMatchObject({ method: 'GET', path: '/v1/models?limit=1000' });
	});

	it('that a vendor does not have is an error of the request, not a call', () => {
		const chat = endpoint(CHAT, { baseUrl: 'http://h/v1' });
		expect(chat.supports('chat')).toBe(true);
		expect(chat.supports('count_tokens')).toBe(false);
		expect(() => chat.call('count_tokens', 'm', {})).toThrow(
			expect.objectContaining({ code: 'unsupported', message: 'Vendor has no endpoint for count_tokens' }),
		);
	});
});

describe('the key', () => {
	it('goes where the vendor wants it', () => {
		expect(headers(CHAT, { apiKey: 'k' })).toEqual({ 'content-type': 'application/json', authorization: 'Bearer k' });
		expect(headers(MESSAGES, { apiKey: 'k' })).toMatchObject({ 'x-api-key': 'k' });
		expect(headers(MESSAGES, { apiKey: 'k' })).not.toHaveProperty('authorization');
	});

	it('that is none leaves no header', () => {
		expect(headers(CHAT, {})).toEqual({ 'content-type': 'application/json' });
		expect(headers(CHAT, { apiKey: '' })).toEqual({ 'content-type': 'application/json' });
	});

	it('goes as a bearer token when the options say so', () => {
		const sent = headers(MESSAGES, { apiKey: 'k', options: { auth: 'bearer' } });
		expect(sent).toMatchObject({ authorization: 'Bearer k' });
		expect(sent).not.toHaveProperty('x-api-key');
	});

	it('gives way to credentials among the headers of the config', () => {
		expect(headers(CHAT, { apiKey: 'k', headers: { Authorization: 'Basic b' } })).toEqual({
			'content-type': 'application/json',
			authorization: 'Basic b',
		});
	});
});

describe('headers', () => {
	const vendor = descriptor('openai-chat', {
		headers: { 'x-version': '1' },
		clientHeaders: ['x-version', 'x-beta'],
		optionHeaders: { organization: 'x-org', project: 'x-project' },
	});

	it('come from the options the vendor knows', () => {
		expect(headers(vendor, { options: { organization: 'o', project: '', other: 'z' } })).toEqual({
			'content-type': 'application/json',
			'x-version': '1',
			'x-org': 'o',
		});
	});

	it('of the client replace the vendor’s, and only those it may set', () => {
		expect(headers(vendor, {}, { 'x-version': '2', 'x-beta': 'b', authorization: 'Bearer stolen' })).toEqual({
			'content-type': 'application/json',
			'x-version': '2',
			'x-beta': 'b',
		});
	});

	it('of the config go before all others, and none is sent twice', () => {
		const settings = { headers: { 'X-Version': '3', 'X-Org': 'p' }, options: { organization: 'o' } };
		expect(headers(vendor, settings, { 'x-version': '2' })).toEqual({
			'content-type': 'application/json',
			'x-version': '3',
			'x-org': 'p',
		});
	});

	it('of one client are not those of the next', () => {
		const one = endpoint(vendor, { baseUrl: 'http://h' });
		one.call('chat', 'm', { 'x-version': '2', 'x-beta': 'b' });
		expect(one.call('chat', 'm', {}).headers).toEqual(['x-version', '1', 'content-type', 'application/json']);
	});

	it('name the version of the Messages API, unless the client names one', () => {
		expect(headers(MESSAGES, {})).toMatchObject({ 'anthropic-version': '2023-06-01' });
		expect(headers(MESSAGES, {}, { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'b' })).toMatchObject({
			'anthropic-version': '2024-01-01',
			'anthropic-beta': 'b',
		});
	});

	it('carry organization and project to the vendor that has them', () => {
		const options = { organization: 'org-1', project: 'p-1' };
		expect(headers(descriptor('openai-chat', VENDORS.openai), { options })).toMatchObject({
			'openai-organization': 'org-1',
			'openai-project': 'p-1',
		});
	});
});

describe('facts on a model', () => {
	const row = { id: 'known', maxOutput: 4096 } as ModelInfo;
	const rows = new Map([[row.id, row]]);

	it('come from the catalog where the vendor has no word on it', () => {
		const one = endpoint(CHAT, { baseUrl: 'http://h' }, rows);
		expect(one.traits('known')).toEqual({ maxOutputTokens: 4096 });
		expect(one.traits('unknown')).toEqual({});
	});

	it('are asked of the vendor once a model, also when clients name thousands', () => {
		const asked: string[] = [];
		const vendor = {
			...CHAT,
			traits: (model: string, maxOutput: number | null) => {
				asked.push(`${model} ${maxOutput}`);
				return {};
			},
		};
		const one = endpoint(vendor, { baseUrl: 'http://h' }, rows);
		one.traits('known');
		one.traits('known');
		one.traits('other');
		expect(asked).toEqual(['known 4096', 'other null']);
		for (let i = 0; i < 5000; i++) one.traits(`m${i}`);
		expect(one.traits('known')).toEqual({});
	});
});

describe('what a vendor changes in a body', () => {
	it('is nothing where it has no rules', () => {
		const { rules: _, ...bare } = CHAT;
		expect(endpoint(bare, { baseUrl: 'http://h' }).bodyChanges({ model: 'm', stream: true }, 'm', () => {})).toBeNull();
	});

	it('is told apart by model', () => {
		const one = endpoint(descriptor('openai-chat', VENDORS.openai), { baseUrl: 'http://h' });
		const changes = (model: string) => one.bodyChanges({ model, max_tokens: 5 }, model, () => {});
		expect(changes('gpt-4o')).toBeNull();
		expect(changes('o3')).toEqual({ max_tokens: undefined, max_completion_tokens: 5 });
	});
});
