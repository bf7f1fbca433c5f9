import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import type { JsonObject, ProviderSettings, RelaisError, WireCall } from '../../spec/index.ts';
import { createTestHost, type TestHost, testSettings } from '../../testing/index.ts';
import { entraSigner, wantsToken } from './entra.ts';

const SECRET = 'client-secret-value';
const CALL: WireCall = {
	origin: 'https://x',
	method: 'POST',
	path: '/',
	headers: ['content-type', 'application/json'],
	body: '{}',
};

let host: TestHost;
let issuer: Upstream;
const state: { now: number; answer: [number, object] | undefined } = { now: 0, answer: undefined };

/** Microsoft's token endpoint and a machine's: a client secret, an assertion or the machine's header is asked for. */
beforeEach(async () => {
	Object.assign(state, { now: Date.UTC(2026, 10, 20), answer: undefined });
	host = createTestHost();
	issuer = await startUpstream((request, response, body, nth) => {
		const form = new URLSearchParams(body);
		const proven = form.get('client_secret') === SECRET || form.get('client_assertion') === 'issued' || request.method === 'GET';
		const refused = {
			error: 'invalid_client',
			error_description: `AADSTS7000215: Invalid client secret ${form.get('client_secret')}.\r\nTrace ID: 1`,
		};
		const [status, answer] =
			state.answer ?? (proven ? [200, { access_token: `entra-${nth + 1}`, expires_in: '3600' }] : [401, refused]);
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
	});
});

afterEach(async () => {
	await host.close();
	await issuer.close();
});

function signer(options: JsonObject, env: { [name: string]: string } = {}) {
	const authority = issuer.baseUrl.replace('/v1', '');
	const settings = testSettings({ type: 'azure-openai', name: 'my-azure', options: { authority, ...options } });
	return entraSigner(settings, { host, cure: 'set AZURE_OPENAI_API_KEY', clock: { now: () => state.now }, env });
}

const client = { tenant_id: 'tenant-1', client_id: 'client-1', client_secret: SECRET };
const bearer = ({ headers }: WireCall): string | undefined => headers[headers.indexOf('authorization') + 1];

async function refusal(work: Promise<unknown>): Promise<RelaisError> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error === undefined) throw new Error('was not refused');
	return error as RelaisError;
}

describe('a token of Entra ID', () => {
	it('is fetched for a client and its secret', async () => {
		expect(bearer(await signer(client)(CALL))).toBe('Bearer entra-1');
		expect(issuer.requests[0]?.url).toBe('/tenant-1/oauth2/v2.0/token');
		expect(Object.fromEntries(new URLSearchParams(issuer.bodies[0]))).toEqual({
			grant_type: 'client_credentials',
			client_id: 'client-1',
			client_secret: SECRET,
			scope: 'https://cognitiveservices.azure.com/.default',
		});
	});

	it('is fetched with what the conventional variables say', async () => {
		const env = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: SECRET };
		expect(bearer(await signer({ scope: 'https://ai.azure.com/.default' }, env)(CALL))).toBe('Bearer entra-1');
		expect(issuer.bodies[0]).toContain('scope=https%3A%2F%2Fai.azure.com%2F.default');
	});

	it('is shared by all callers and renewed shortly before its end', async () => {
		const sign = signer(client);
		const signed = await Promise.all(Array.from({ length: 10 }, () => sign(CALL)));
		expect(new Set(signed.map(bearer))).toEqual(new Set(['Bearer entra-1']));
		state.now += 56 * 60_000;
		expect(bearer(await sign(CALL))).toBe('Bearer entra-2');
		expect(issuer.requests).toHaveLength(2);
	});

	it('that is refused says why and what to do, without the secret', async () => {
		const error = await refusal(signer({ ...client, client_secret: 'wrong-secret-value' })(CALL));
		expect(error).toMatchObject({ code: 'provider_auth', provider: 'my-azure' });
		expect(error.message).toMatch(
			/^provider "my-azure" has no credentials: Microsoft Entra ID answered 401: .*AADSTS7000215.*; set AZURE_OPENAI_API_KEY$/,
		);
		expect(error.message).not.toMatch(/wrong-secret-value|Trace/);
	});

	it('that cannot be had now is no fault of the key', async () => {
		state.answer = [503, { error: 'temporarily_unavailable' }];
		expect(await refusal(signer(client)(CALL))).toMatchObject({ code: 'provider_unavailable', retryable: true });
	});

	it.each([
		[{}, 'answered without a token'],
		[{ access_token: 7 }, 'answered without a token'],
	])('is not made of %j', async (answer, problem) => {
		state.answer = [200, answer];
		expect((await refusal(signer(client)(CALL))).message).toContain(problem);
	});

	it('is fetched for the token of another issuer', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'relais-azure-'));
		try {
			const file = join(folder, 'token');
			writeFileSync(file, 'issued\n');
			const env = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_FEDERATED_TOKEN_FILE: file };
			expect(bearer(await signer({}, env)(CALL))).toBe('Bearer entra-1');
			rmSync(file);
			expect((await refusal(signer({}, env)(CALL))).message).toContain('token file of the workload identity cannot be read');
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	it('is asked of the machine, or of its app service', async () => {
		const root = issuer.baseUrl.replace('/v1', '');
		const machine = { AZURE_POD_IDENTITY_AUTHORITY_HOST: root, AZURE_CLIENT_ID: 'identity-1' };
		expect(bearer(await signer({ auth: 'managed-identity' }, machine)(CALL))).toBe('Bearer entra-1');
		expect(issuer.requests[0]?.url).toBe(
			'/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=identity-1',
		);
		expect(issuer.requests[0]?.headers.metadata).toBe('true');
		await signer({}, { IDENTITY_ENDPOINT: `${root}/msi`, IDENTITY_HEADER: 'header-1' })(CALL);
		expect(issuer.requests[1]?.url).toMatch(/^\/msi\?api-version=2019-08-01&resource=/);
		expect(issuer.requests[1]?.headers['x-identity-header']).toBe('header-1');
	});

	it('is not to be had on a machine without an identity, which is said soon', async () => {
		const error = await refusal(signer({}, { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' })(CALL));
		expect(error).toMatchObject({ code: 'provider_auth', provider: 'my-azure' });
		expect(error.message).toContain("machine's managed identity cannot be reached");
		expect((await refusal(signer({ client_secret: SECRET, client_id: 'c' })(CALL))).message).toContain('no AZURE_TENANT_ID');
	});
});

describe('a token is wanted', () => {
	const wants = (given: Partial<ProviderSettings>, ownHost = false) =>
		wantsToken(testSettings({ type: 'azure-openai', ...given }), ownHost);

	it.each<[string, Partial<ProviderSettings>, boolean, boolean]>([
		['where the config asks for it', { apiKey: 'k', options: { auth: 'entra' } }, false, true],
		['where the config names an identity', { options: { client_id: 'c' } }, false, true],
		['at the vendor’s own address, without a key', {}, true, true],
		['not with a key', { apiKey: 'k', options: { tenant_id: 't' } }, true, false],
		['not at somebody else’s address unasked', {}, false, false],
		[
			'not beside a header that shows credentials',
			{ headers: { Authorization: 'own' }, options: { auth: 'entra' } },
			true,
			false,
		],
	])('%s', (_, given, ownHost, wanted) => expect(wants(given, ownHost)).toBe(wanted));
});
