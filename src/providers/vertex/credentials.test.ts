import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAccount, startTokenServer, type TokenServer } from '../../../test/support/google/token-server.ts';
import { startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import type { JsonObject, ProviderSettings, RelaisError, WireCall } from '../../spec/index.ts';
import { createTestHost, type TestHost, testSettings } from '../../testing/index.ts';
import { accessOf, googleSigner } from './credentials.ts';

const ACCOUNT = makeAccount();
const CALL: WireCall = {
	origin: 'https://aiplatform.googleapis.com',
	method: 'POST',
	path: '/v1/projects/-/locations/global/publishers/google/models/m:generateContent',
	headers: ['content-type', 'application/json', 'authorization', 'old'],
	body: '{}',
};

let host: TestHost;
let folder: string;
let tokens: TokenServer;
const opened: Upstream[] = [];
const state: { now: number; fails: number | undefined } = { now: 0, fails: undefined };

beforeEach(async () => {
	Object.assign(state, { now: Date.UTC(2026, 10, 20), fails: undefined });
	host = createTestHost();
	folder = mkdtempSync(join(tmpdir(), 'relais-google-'));
	tokens = await startTokenServer({ accounts: [ACCOUNT], now: () => state.now, fails: () => state.fails });
	opened.push(tokens.upstream);
});

afterEach(async () => {
	await host.close();
	for (const upstream of opened.splice(0)) await upstream.close();
	rmSync(folder, { recursive: true });
});

function file(content: object | string, name = 'key.json'): string {
	const path = join(folder, name);
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	return path;
}

/** A signer as the provider makes it; nothing of the machine these tests run on is found. */
function signer(stated: string | JsonObject | undefined, env: { [name: string]: string } = {}) {
	const settings = testSettings({ type: 'vertex-ai', name: 'my-vertex' });
	const clock = { now: () => state.now };
	return googleSigner(settings, stated, { host, clock, env: { HOME: folder, GCE_METADATA_HOST: '127.0.0.1:1', ...env } });
}

const bearer = ({ headers }: WireCall): string | undefined => headers[headers.lastIndexOf('authorization') + 1];

async function refusal(work: Promise<unknown>): Promise<RelaisError> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error === undefined) throw new Error('was not refused');
	return error as RelaisError;
}

describe('a service account', () => {
	it('gets a token for an assertion the endpoint can verify, and its own project', async () => {
		const signed = await signer(file(ACCOUNT.file(tokens.url)))(CALL);
		expect(bearer(signed)).toBe('Bearer ya29.token-1');
		expect(signed.headers.filter((piece) => piece === 'authorization')).toHaveLength(1);
		expect(signed.path).toBe('/v1/projects/the-project/locations/global/publishers/google/models/m:generateContent');
		expect(signed.body).toBe('{}');
		expect(CALL.headers).toContain('old');
	});

	it('is asked once for many callers, and again only shortly before the token ends', async () => {
		const sign = signer(file(ACCOUNT.file(tokens.url)));
		const signed = await Promise.all(Array.from({ length: 20 }, () => sign(CALL)));
		expect(new Set(signed.map(bearer))).toEqual(new Set(['Bearer ya29.token-1']));
		expect(tokens.forms).toHaveLength(1);
		state.now += 54 * 60_000;
		expect(bearer(await sign(CALL))).toBe('Bearer ya29.token-1');
		state.now += 2 * 60_000;
		expect(bearer(await sign(CALL))).toBe('Bearer ya29.token-2');
		expect(tokens.forms).toHaveLength(2);
	});

	it('goes on with a token that still holds while the endpoint has trouble, and then says what is wrong', async () => {
		const sign = signer(file(ACCOUNT.file(tokens.url)));
		await sign(CALL);
		state.fails = 503;
		state.now += 56 * 60_000;
		expect(bearer(await sign(CALL))).toBe('Bearer ya29.token-1');
		state.now += 5 * 60_000;
		const error = await refusal(sign(CALL));
		expect(error).toMatchObject({ code: 'provider_unavailable', provider: 'my-vertex', failover: true });
		expect(error.message).toContain("Google's token endpoint answered 503");
		state.fails = undefined;
		expect(bearer(await sign(CALL))).toBe('Bearer ya29.token-2');
	});

	it('whose key is another’s is refused with the provider’s name and the cure, and nothing of the key', async () => {
		const stranger = { ...makeAccount().file(tokens.url), client_email: ACCOUNT.email };
		const error = await refusal(signer(file(stranger))(CALL));
		expect(error).toMatchObject({ code: 'provider_auth', provider: 'my-vertex' });
		expect(error.message).toMatch(
			/^provider "my-vertex" has no credentials: .*Invalid JWT Signature.*GOOGLE_APPLICATION_CREDENTIALS/,
		);
		expect(error.message).not.toContain(tokens.forms[0]?.get('assertion') ?? '?');
	});

	it('may be given in the config, or in variables with its line ends written out', async () => {
		const content = ACCOUNT.file(tokens.url);
		expect(bearer(await signer(JSON.stringify(content))(CALL))).toBe('Bearer ya29.token-1');
		expect(bearer(await signer(content)(CALL))).toBe('Bearer ya29.token-2');
		const written = (content.private_key ?? '').replaceAll('\n', '\\n');
		const { private_key: _, ...rest } = content;
		expect(bearer(await signer({ ...rest, private_key: written })(CALL))).toBe('Bearer ya29.token-3');
	});
});

describe('credentials that cannot be used', () => {
	const key = ACCOUNT.file('https://oauth2.googleapis.com/token');
	it.each<[string, object | string, RegExp]>([
		['no JSON', 'private_key: abc', /key\.json is not JSON/],
		['no key', { ...key, private_key: '' }, /has no private_key/],
		['a broken key', { ...key, private_key: 'SECRET-NOT-PEM' }, /private_key that cannot be read/],
		[
			'a token address that is not encrypted',
			{ ...key, token_uri: 'http://evil.example/token' },
			/token_uri that is no https address/,
		],
		['an unknown type', { type: 'gdch_service_account' }, /is of a type this version does not know/],
		[
			'a program to run',
			{ type: 'external_account', audience: 'a', subject_token_type: 't', credential_source: { executable: { command: 'x' } } },
			/other than a file or a URL/,
		],
	])('are told: %s', async (_, content, problem) => {
		const error = await refusal(signer(file(content))(CALL));
		expect(error.code).toBe('provider_auth');
		expect(error.message).toMatch(problem);
		expect(error.message).not.toMatch(/SECRET|BEGIN/);
	});

	it('are told: a file that is not there', async () => {
		const error = await refusal(signer(join(folder, 'missing.json'))(CALL));
		expect(error.message).toMatch(/missing\.json cannot be read \(ENOENT\)/);
	});

	it('are told: none anywhere', async () => {
		const error = await refusal(signer(undefined)(CALL));
		expect(error).toMatchObject({ code: 'provider_auth', provider: 'my-vertex' });
		expect(error.message).toContain('metadata server cannot be reached');
		expect(error.message).toContain('gcloud auth application-default login');
	});
});

describe('what the vendor’s own tools find', () => {
	const person = () => ({
		type: 'authorized_user',
		client_id: 'id-1',
		client_secret: 'secret-1',
		refresh_token: 'refresh-1',
		quota_project_id: 'quota-1',
		token_uri: tokens.url,
	});

	it('is used: a person’s consent in the file of gcloud, with the project that pays', async () => {
		writeFileSync(join(folder, 'application_default_credentials.json'), JSON.stringify(person()));
		const signed = await signer(undefined, { CLOUDSDK_CONFIG: folder })(CALL);
		expect(bearer(signed)).toBe('Bearer ya29.token-1');
		expect(signed.path).toContain('/projects/quota-1/');
		expect(signed.headers.slice(-4)).toContain('x-goog-user-project');
		expect(Object.fromEntries(tokens.forms[0] ?? [])).toMatchObject({ client_id: 'id-1', client_secret: 'secret-1' });
	});

	it('is refused without a secret in the message when the consent is gone', async () => {
		const error = await refusal(signer(file({ ...person(), refresh_token: 'revoked-secret' }))(CALL));
		expect(error.message).toContain('expired or revoked');
		expect(error.message).not.toMatch(/revoked-secret|secret-1/);
	});

	it('is used: the file GOOGLE_APPLICATION_CREDENTIALS names, and the account of two variables', async () => {
		const path = file(ACCOUNT.file(tokens.url));
		expect(bearer(await signer(undefined, { GOOGLE_APPLICATION_CREDENTIALS: path })(CALL))).toBe('Bearer ya29.token-1');
		const env = { GOOGLE_CLIENT_EMAIL: ACCOUNT.email, GOOGLE_PRIVATE_KEY: 'not a key' };
		const error = await refusal(signer(undefined, env)(CALL));
		expect(error.message).toContain('private_key that cannot be read');
	});

	it('is used: the metadata server of the machine, its project too', async () => {
		const server = await startUpstream((request, response) => {
			if (request.headers['metadata-flavor'] !== 'Google') response.writeHead(403).end();
			else if (request.url?.endsWith('/project/project-id')) response.end('machine-project');
			else response.end(JSON.stringify({ access_token: 'ya29.machine', expires_in: 1800 }));
		});
		opened.push(server);
		const signed = await signer(undefined, { GCE_METADATA_HOST: new URL(server.baseUrl).host })(CALL);
		expect(bearer(signed)).toBe('Bearer ya29.machine');
		expect(signed.path).toContain('/projects/machine-project/');
		expect(server.requests[0]?.url).toBe('/computeMetadata/v1/instance/service-accounts/default/token');
	});

	it('is used: the token of another issuer, exchanged, and acting as an account', async () => {
		const forms: string[] = [];
		const sts = await startUpstream((request, response, body) => {
			forms.push(`${request.url} ${request.headers.authorization ?? ''} ${body}`);
			if (request.url === '/subject') response.end(JSON.stringify({ value: 'subject-token' }));
			else if (request.url === '/sts') response.end(JSON.stringify({ access_token: 'federated', expires_in: 3600 }));
			else
				response.end(JSON.stringify({ accessToken: 'ya29.acting', expireTime: new Date(state.now + 3_600_000).toISOString() }));
		});
		opened.push(sts);
		const root = sts.baseUrl.replace('/v1', '');
		const federated = {
			type: 'external_account',
			audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
			subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
			token_url: `${root}/sts`,
			service_account_impersonation_url: `${root}/act`,
			workload_project_id: 'federated-project',
			credential_source: { url: `${root}/subject`, format: { type: 'json', subject_token_field_name: 'value' } },
		};
		const sign = signer(file(federated));
		const signed = await sign(CALL);
		expect(bearer(signed)).toBe('Bearer ya29.acting');
		expect(signed.path).toContain('/projects/federated-project/');
		expect(forms[1]).toContain('subject_token=subject-token');
		expect(forms[2]).toMatch(/^\/act Bearer federated /);
		await sign(CALL);
		expect(forms).toHaveLength(3);
	});

	it('is used: the token of another issuer in a file', async () => {
		const sts = await startUpstream((_request, response, body) => {
			const isRight = new URLSearchParams(body).get('subject_token') === 'from-file';
			response.writeHead(isRight ? 200 : 400).end(JSON.stringify({ access_token: 'ya29.filed', expires_in: 3600 }));
		});
		opened.push(sts);
		const source = { file: file('from-file\n', 'subject.txt') };
		const base = { type: 'external_account', audience: 'a', subject_token_type: 't', token_url: sts.baseUrl };
		const stated = { ...base, credential_source: source, workload_project_id: 'p' };
		expect(bearer(await signer(file(stated))(CALL))).toBe('Bearer ya29.filed');
	});
});

describe('what is given in place of a key', () => {
	const access = (given: Partial<ProviderSettings>, ownHost = true) =>
		accessOf(testSettings({ type: 'vertex-ai', ...given }), ownHost);

	it.each<[string, Partial<ProviderSettings>, object]>([
		['the path of a file', { apiKey: '/run/key.json' }, { kind: 'tokens', stated: '/run/key.json' }],
		['a key of express mode', { apiKey: 'AQ.Ab8RN' }, { kind: 'key' }],
		['a token', { apiKey: 'ya29.abc' }, { kind: 'bearer' }],
		['another token', { apiKey: 'abc', options: { auth: 'bearer' } }, { kind: 'bearer' }],
		['an option', { options: { credentials: 'key.json' } }, { kind: 'tokens', stated: 'key.json' }],
		[
			'the account and its key',
			{ options: { client_email: 'e', private_key: 'k' } },
			{ kind: 'tokens', stated: { client_email: 'e', private_key: 'k' } },
		],
		['a header', { headers: { Authorization: 'own' } }, { kind: 'none' }],
		['nothing', {}, { kind: 'tokens', stated: undefined }],
	])('%s is known for what it is', (_, given, wanted) => expect(access(given)).toEqual(wanted));

	it('is not looked for unasked where the address is not the vendor’s', () => {
		expect(access({}, false)).toEqual({ kind: 'none' });
		expect(access({ options: { auth: 'adc' } }, false)).toEqual({ kind: 'tokens', stated: undefined });
	});
});
