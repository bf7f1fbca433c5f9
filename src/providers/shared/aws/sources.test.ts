import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../../../../test/support/upstream.ts';
import { testSettings } from '../../../testing/index.ts';
import { bedrockSigner } from '../../bedrock/credentials.ts';
import { type CredentialOptions, credentialChain } from './index.ts';

const END = '2031-01-01T00:00:00Z';
const KEYS = { AccessKeyId: 'ROLE', SecretAccessKey: 'rs', Expiration: END };
const FOUND = { accessKeyId: 'ROLE', secretAccessKey: 'rs', sessionToken: 'rt', expiresAt: Date.parse(END) };

/** What the token service answers to an action. */
const xml = (action: string): string =>
	`<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
	`<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken><Expiration>${END}</Expiration>` +
	`</Credentials></${action}Result></${action}Response>`;

let home = '';
let upstream: Upstream | undefined;
const before = { ...process.env };

beforeAll(() => {
	home = mkdtempSync(join(tmpdir(), 'relais-aws-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
	for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
	Object.assign(process.env, { HOME: home, AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' });
	process.env.AWS_EC2_METADATA_DISABLED = 'true';
});
afterEach(async () => {
	process.env = { ...before };
	await upstream?.close();
	upstream = undefined;
});

/** A service made for one test; gives back its address. */
async function service(...args: Parameters<typeof startUpstream>): Promise<string> {
	upstream = await startUpstream(...args);
	return new URL(upstream.baseUrl).origin;
}

let files = 0;
function file(text: string): string {
	const path = join(home, `file-${files++}`);
	writeFileSync(path, text);
	return path;
}

const find = (more: Partial<CredentialOptions> = {}) => credentialChain({ region: 'eu-west-1', env: process.env, ...more })();
const form = (body: string | undefined): object => Object.fromEntries(new URLSearchParams(body));

describe('credentials are found', () => {
	it('by a web identity, which the token service takes for a role', async () => {
		process.env.AWS_ENDPOINT_URL_STS = await service((_request, response) =>
			response.setHeader('content-type', 'text/xml').end(xml('AssumeRoleWithWebIdentity')),
		);
		process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file('the.web.token');
		process.env.AWS_ROLE_ARN = 'arn:aws:iam::111122223333:role/pod';
		expect(await find()).toEqual(FOUND);
		expect(form(upstream?.bodies[0])).toMatchObject({
			Action: 'AssumeRoleWithWebIdentity',
			RoleArn: 'arn:aws:iam::111122223333:role/pod',
			WebIdentityToken: 'the.web.token',
		});
	});

	it('by a profile that takes on a role with the keys of another', async () => {
		process.env.AWS_ENDPOINT_URL_STS = await service((_request, response) =>
			response.setHeader('content-type', 'text/xml').end(xml('AssumeRole')),
		);
		process.env.AWS_CONFIG_FILE = file('[profile team]\nrole_arn = arn:aws:iam::1:role/team\nsource_profile = base\n');
		process.env.AWS_SHARED_CREDENTIALS_FILE = file('[base]\naws_access_key_id = BASE\naws_secret_access_key = bs\n');
		expect(await find({ profile: 'team' })).toEqual(FOUND);
		expect(form(upstream?.bodies[0])).toMatchObject({ Action: 'AssumeRole', RoleArn: 'arn:aws:iam::1:role/team' });
		expect(upstream?.requests[0]?.headers.authorization).toContain('Credential=BASE/');
	});

	it('by the role the config names, taken on with the keys at hand', async () => {
		process.env.AWS_ENDPOINT_URL_STS = await service((_request, response) =>
			response.setHeader('content-type', 'text/xml').end(xml('AssumeRole')),
		);
		const role = { arn: 'arn:aws:iam::1:role/bedrock', session: 'relais', externalId: 'x-1' };
		const keys = { accessKeyId: 'OWN', secretAccessKey: 's' };
		expect(await find({ role, keys })).toEqual(FOUND);
		expect(form(upstream?.bodies[0])).toMatchObject({ RoleArn: role.arn, RoleSessionName: 'relais', ExternalId: 'x-1' });
		expect(upstream?.requests[0]?.headers.authorization).toContain('Credential=OWN/');
	});

	it('by a profile’s own program', async () => {
		const program = file(`#!/bin/sh\necho '${JSON.stringify({ Version: 1, SessionToken: 'rt', ...KEYS })}'\n`);
		chmodSync(program, 0o700);
		process.env.AWS_CONFIG_FILE = file(`[profile tool]\ncredential_process = ${program}\n`);
		expect(await find({ profile: 'tool' })).toEqual(FOUND);
	});

	it('by single sign-on, with the token that a login left', async () => {
		process.env.AWS_ENDPOINT_URL_SSO = await service((_request, response) =>
			response.setHeader('content-type', 'application/json').end(
				JSON.stringify({
					roleCredentials: {
						accessKeyId: 'ROLE',
						secretAccessKey: 'rs',
						sessionToken: 'rt',
						expiration: Date.parse(END),
					},
				}),
			),
		);
		const start = 'https://corp.awsapps.com/start';
		mkdirSync(join(home, '.aws/sso/cache'), { recursive: true });
		writeFileSync(
			join(home, '.aws/sso/cache', `${createHash('sha1').update(start).digest('hex')}.json`),
			JSON.stringify({ accessToken: 'sso-token', expiresAt: END }),
		);
		process.env.AWS_CONFIG_FILE = file(
			`[profile corp]\nsso_start_url = ${start}\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = dev\n`,
		);
		expect(await find({ profile: 'corp' })).toEqual(FOUND);
		const [request] = upstream?.requests ?? [];
		expect(request?.url).toBe('/federation/credentials?account_id=111122223333&role_name=dev');
		expect(request?.headers['x-amz-sso_bearer_token']).toBe('sso-token');
	});

	it('by the role of a pod, whose token lies in a file', async () => {
		const origin = await service((request, response) => {
			response.writeHead(request.headers.authorization === 'pod-token' ? 200 : 403, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ ...KEYS, Token: 'rt' }));
		});
		process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${origin}/v1/credentials`;
		process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = file('pod-token');
		expect(await find()).toEqual(FOUND);
	});

	it('by the role of a machine, whose service wants a token of its own first', async () => {
		const origin = await service((request, response) => {
			if (request.method === 'PUT') return response.end('session');
			if (request.headers['x-aws-ec2-metadata-token'] !== 'session') return response.writeHead(401).end();
			if (request.url?.endsWith('/security-credentials/') === true) return response.end('machine-role');
			return response.end(
				JSON.stringify({ ...KEYS, Token: 'rt', Code: 'Success', Type: 'AWS-HMAC', LastUpdated: '2026-01-01T00:00:00Z' }),
			);
		});
		delete process.env.AWS_EC2_METADATA_DISABLED;
		process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = origin;
		expect(await find()).toMatchObject({ accessKeyId: 'ROLE', secretAccessKey: 'rs', sessionToken: 'rt' });
		expect(upstream?.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
			'PUT /latest/api/token',
			'GET /latest/meta-data/iam/security-credentials/',
			'GET /latest/meta-data/iam/security-credentials/machine-role',
		]);
	});
});

describe('no credentials', () => {
	const CALL = { origin: 'https://h', method: 'POST' as const, path: '/', headers: [], body: '{}' };

	it('are told with the provider’s name and all that would do', async () => {
		const sign = bedrockSigner(testSettings({ type: 'aws-bedrock', name: 'mine' }), process.env);
		const error = await Promise.resolve(sign?.(CALL)).catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: 'provider_auth', provider: 'mine' });
		for (const word of ['provider "mine"', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'role'])
			expect(String(error)).toContain(word);
	});

	it('is also a token service’s refusal, which is repeated', async () => {
		process.env.AWS_ENDPOINT_URL_STS = await service((_request, response) => {
			response.writeHead(403, { 'content-type': 'text/xml' });
			response.end(
				'<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>',
			);
		});
		const options = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret: 's', role_arn: 'arn:aws:iam::1:role/x' };
		const sign = bedrockSigner(testSettings({ type: 'aws-bedrock', options }), process.env);
		await expect(sign?.(CALL)).rejects.toMatchObject({
			code: 'provider_auth',
			message: expect.stringContaining('Not authorized to perform sts:AssumeRole'),
		});
	});

	it('are fetched once for many calls at a time', async () => {
		const origin = await service((_request, response) =>
			response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...KEYS, Token: 'rt' })),
		);
		process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = origin;
		const sign = bedrockSigner(testSettings({ type: 'aws-bedrock' }), process.env);
		await Promise.all(Array.from({ length: 20 }, async () => sign?.(CALL)));
		expect(upstream?.requests.length).toBe(1);
	});
});
