import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const TOKEN = 'eyJ-fetched-token-0123456789';
const BEARER = 'bedrock-api-key-of-the-environment';
const SESSION = 'session-token-of-a-role-0123456789';

/** Gives out tokens, and quotes in its failures whatever credentials it was shown. */
let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
	vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', BEARER);
	upstream = await startUpstream(({ url = '', headers }, response) => {
		response.setHeader('content-type', 'application/json');
		if (url.startsWith('/identity')) {
			response.end(JSON.stringify({ access_token: TOKEN, expires_in: 3600 }));
			return;
		}
		const shown = `${headers.authorization} ${headers['x-amz-security-token']}`;
		response.setHeader('x-echo', shown);
		response.writeHead(500).end(JSON.stringify({ error: { message: `broke on ${shown}` }, message: `broke on ${shown}` }));
	});
	const { origin } = new URL(upstream.baseUrl);
	const watsonx = {
		api_key: 'ibm-cloud-key-0123456789',
		base_url: origin,
		options: { iam_url: `${origin}/identity`, project_id: 'p' },
	};
	const keys = {
		access_key_id: 'AKIAIOSFODNN7EXAMPLE',
		secret_access_key: 'wJalrXUtnFEMIK7MDENGbPxRfiCY',
		session_token: SESSION,
	};
	const providers = [
		{ name: 'ibm', type: 'watsonx', ...watsonx },
		{ name: 'aws', type: 'aws-bedrock', base_url: origin },
		{ name: 'role', type: 'aws-bedrock', base_url: origin, options: keys },
		{ name: 'user', type: 'watsonx', ...watsonx, options: { ...watsonx.options, username: 'admin' } },
	];
	gateway = await startGateway({ config: { providers, routing: { retries: 0 } } });
});
beforeEach(() => {
	gateway.records.length = 0;
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await gateway.close();
	await upstream.close();
});

const NAMED: readonly (readonly [provider: string, secret: string])[] = [
	['ibm', TOKEN],
	['aws', BEARER],
	['role', SESSION],
	['user', Buffer.from('admin:ibm-cloud-key-0123456789').toString('base64')],
];

describe('credentials that stand in no config, quoted by a rude vendor', () => {
	const messages = [{ role: 'user', content: 'Hi' }];

	it.each(NAMED)('reach neither client nor record: %s, whole and streamed', async (provider, secret) => {
		for (const stream of [false, true]) {
			const response = await post(gateway, '/v1/chat/completions', { model: `${provider}/m`, messages, stream });
			const text = await response.text();
			expect(text).toContain('broke on');
			expect(text).not.toContain(secret);
			const record = await gateway.record(response.headers.get('x-relais-request-id') ?? '');
			expect(`${record.error?.message} ${JSON.stringify(record)}`).not.toContain(secret);
		}
	});

	it.each(NAMED)('do not come with a native answer: %s', async (provider, secret) => {
		const response = await fetch(`${gateway.url}/${provider}/native/anything`, {
			headers: { authorization: `Bearer ${TEST_KEY}` },
		});
		expect(response.status).toBe(500);
		expect(response.headers.get('x-echo')).toContain('***');
		expect(`${await response.text()} ${JSON.stringify([...response.headers])}`).not.toContain(secret);
	});

	it.each(NAMED)('are in no report of a check: %s', async (provider, secret) => {
		const { providers, terms } = gateway.relais.state;
		const signal = AbortSignal.timeout(5000);
		const report = await providers.find(({ name }) => name === provider)?.isHealthy({ signal, requestId: 'r', warn: () => {} });
		expect(report?.healthy).toBe(false);
		expect(terms.redact(report?.detail ?? '')).not.toContain(secret);
	});
});
