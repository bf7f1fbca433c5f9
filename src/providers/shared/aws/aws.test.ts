import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedSignature, type Received, statedSignature } from '../../../../test/support/aws/verify.ts';
import { RelaisError, type WireCall } from '../../../spec/index.ts';
import { renewed } from '../renewed.ts';
import { type AwsCredentials, credentialChain, signAws } from './index.ts';
import { parseSections } from './profiles.ts';

const KEYS: AwsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SCOPE = { region: 'us-east-1', service: 'bedrock', now: Date.UTC(2015, 7, 30, 12, 36) };

function received(call: WireCall): Received {
	const headers: { [name: string]: string } = { host: new URL(call.origin).host };
	for (let i = 0; i < call.headers.length; i += 2) headers[String(call.headers[i])] = String(call.headers[i + 1]);
	const body = Array.isArray(call.body) ? Buffer.concat(call.body).toString() : String(call.body ?? '');
	return { method: call.method, url: call.path, headers, body };
}

const CALL: WireCall = {
	origin: 'https://bedrock-runtime.us-east-1.amazonaws.com',
	method: 'POST',
	path: '/model/us.vendor.m-v1%3A0/converse',
	headers: ['content-type', 'application/json'],
	body: '{"messages":[]}',
};

describe('the measure of signatures', () => {
	it('agrees with the published example', () => {
		const authorization =
			'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=x';
		const headers = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z', authorization };
		expect(expectedSignature({ method: 'GET', url: '/', headers, body: '' }, KEYS.secretAccessKey)).toBe(
			'5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
		);
	});
});

describe('a signed call', () => {
	it.each([
		['a model id with a colon', CALL],
		['an ARN for a model', { ...CALL, path: '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fx/converse' }],
		['a body in pieces', { ...CALL, body: [Buffer.from('{"a":'), Buffer.from('"é"}')] }],
		['no body', { ...CALL, method: 'GET' as const, body: '' }],
		['a server of the user’s own', { ...CALL, origin: 'http://127.0.0.1:8123' }],
	])('with %s has the signature the service expects', async (_, call) => {
		const signed = received(await signAws(call, KEYS, SCOPE));
		expect(signed.headers['x-amz-date']).toBe('20150830T123600Z');
		expect(signed.headers.authorization).toContain('Credential=AKIDEXAMPLE/20150830/us-east-1/bedrock/aws4_request');
		expect(statedSignature(signed)).toBe(expectedSignature(signed, KEYS.secretAccessKey));
	});

	it('carries the token of temporary credentials, signed', async () => {
		const signed = received(await signAws(CALL, { ...KEYS, sessionToken: 'token' }, SCOPE));
		expect(signed.headers['x-amz-security-token']).toBe('token');
		expect(signed.headers.authorization).toContain('x-amz-security-token');
		expect(statedSignature(signed)).toBe(expectedSignature(signed, KEYS.secretAccessKey));
	});

	it('leaves the call as it was, and replaces its authorization', async () => {
		const headers = ['content-type', 'application/json', 'Authorization', 'Bearer old'];
		const signed = await signAws({ ...CALL, headers }, KEYS, SCOPE);
		expect(headers).toHaveLength(4);
		expect(signed.headers.join(' ')).not.toContain('Bearer old');
		expect(signed.headers.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1);
	});

	it('differs by region, day, secret and body', async () => {
		const signatures = await Promise.all([
			signAws(CALL, KEYS, SCOPE),
			signAws(CALL, KEYS, { ...SCOPE, region: 'eu-west-1' }),
			signAws(CALL, KEYS, { ...SCOPE, now: SCOPE.now + 86_400_000 }),
			signAws(CALL, { ...KEYS, secretAccessKey: 'other' }, SCOPE),
			signAws({ ...CALL, body: '{}' }, KEYS, SCOPE),
		]);
		expect(new Set(signatures.map((call) => statedSignature(received(call)))).size).toBe(5);
	});
});

describe('credentials', () => {
	let home = '';
	beforeAll(() => {
		home = mkdtempSync(join(tmpdir(), 'relais-aws-'));
		const text =
			'[default]\naws_access_key_id = DEFAULT\naws_secret_access_key = s1\n\n[work]\n# of the office\naws_access_key_id=WORK\n';
		writeFileSync(
			join(home, 'credentials'),
			`${text}aws_secret_access_key=s2 ; a comment\naws_session_token = t2\n[half]\naws_access_key_id = HALF\n`,
		);
		writeFileSync(
			join(home, 'config'),
			'[default]\nregion = eu-west-3\n[profile sso]\nsso_session = corp\n[profile work]\nregion = us-west-2\n',
		);
	});
	afterAll(() => rmSync(home, { recursive: true, force: true }));

	const files = () => ({ AWS_CONFIG_FILE: join(home, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials') });
	const asked: (string | undefined)[] = [];
	const ask = async (profile: string | undefined): Promise<AwsCredentials> => {
		asked.push(profile);
		return { accessKeyId: 'ASKED', secretAccessKey: 's' };
	};
	const find = (options: Partial<Parameters<typeof credentialChain>[0]>) =>
		credentialChain({ region: 'us-east-1', env: files(), ask, ...options })();

	it('of the config go before all others', async () => {
		expect(await find({ keys: KEYS, env: { ...files(), AWS_ACCESS_KEY_ID: 'E', AWS_SECRET_ACCESS_KEY: 's' } })).toBe(KEYS);
	});

	it('of the environment go before the files, token included', async () => {
		const env = { ...files(), AWS_ACCESS_KEY_ID: 'E', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
		expect(await find({ env })).toEqual({ accessKeyId: 'E', secretAccessKey: 's', sessionToken: 't' });
		expect(await find({ env: { ...env, AWS_SESSION_TOKEN: '' } })).toEqual({ accessKeyId: 'E', secretAccessKey: 's' });
	});

	it('of a named profile go before those of the environment', async () => {
		const env = { ...files(), AWS_ACCESS_KEY_ID: 'E', AWS_SECRET_ACCESS_KEY: 's' };
		const work = { accessKeyId: 'WORK', secretAccessKey: 's2', sessionToken: 't2' };
		expect(await find({ env, profile: 'work' })).toEqual(work);
		expect(await find({ env: { ...env, AWS_PROFILE: 'work' } })).toEqual(work);
	});

	it('are those of the default profile where nothing is said', async () => {
		expect(await find({})).toEqual({ accessKeyId: 'DEFAULT', secretAccessKey: 's1' });
	});

	it.each(['sso', 'half'])('that a profile does not hold itself are asked for (%s)', async (profile) => {
		asked.length = 0;
		expect(await find({ profile })).toMatchObject({ accessKeyId: 'ASKED' });
		expect(asked).toEqual([profile]);
	});

	it('are asked for where there is neither variable nor file', async () => {
		asked.length = 0;
		expect(await find({ env: { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' } })).toMatchObject({
			accessKeyId: 'ASKED',
		});
		expect(asked).toEqual([undefined]);
	});

	it('of a profile that is not there are refused by name', async () => {
		await expect(find({ profile: 'nobody' })).rejects.toMatchObject({
			code: 'provider_auth',
			message: expect.stringContaining('"nobody"'),
		});
	});

	it('files are read as AWS’s own tools read them', () => {
		const sections = parseSections('x = 1\n[a]\nK = v=1\n  nested = 2\nspaced = a b # c\nhash = a#b\n[ profile   b ]\r\nk=\r\n');
		expect([...sections.keys()]).toEqual(['a', 'profile b']);
		expect(Object.fromEntries(sections.get('a') ?? [])).toEqual({ k: 'v=1', spaced: 'a b', hash: 'a#b' });
		expect(Object.fromEntries(sections.get('profile b') ?? [])).toEqual({ k: '' });
	});
});

describe('credentials of a container', () => {
	let server: Server;
	let served = 0;
	const before = { ...process.env };
	beforeAll(async () => {
		server = createServer((request, response) => {
			served++;
			const answer = { AccessKeyId: 'ROLE', SecretAccessKey: 'rs', Token: 'rt', Expiration: '2030-01-01T00:00:00Z' };
			response.writeHead(request.headers.authorization === 'container-token' ? 200 : 403, { 'content-type': 'application/json' });
			response.end(JSON.stringify(answer));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
		process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${port}/role`;
		process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = 'container-token';
		process.env.AWS_CONFIG_FILE = '/nowhere';
		process.env.AWS_SHARED_CREDENTIALS_FILE = '/nowhere';
	});
	afterAll(() => {
		process.env = before;
		server.close();
	});

	it('are fetched where its address is stated, with their end', async () => {
		const found = await credentialChain({ region: 'us-east-1', env: process.env })();
		expect(found).toEqual({ accessKeyId: 'ROLE', secretAccessKey: 'rs', sessionToken: 'rt', expiresAt: Date.UTC(2030, 0, 1) });
		expect(served).toBe(1);
	});
});

describe('kept credentials', () => {
	const MINUTE = 60_000;

	function setup(ends: (now: number) => number | undefined) {
		const state = { now: 0, fetches: 0, fails: false };
		const source = renewed(
			async () => {
				state.fetches++;
				await Promise.resolve();
				if (state.fails) throw new RelaisError('provider_auth', 'gone');
				const expiresAt = ends(state.now);
				return { accessKeyId: `K${state.fetches}`, secretAccessKey: 's', ...(expiresAt === undefined ? {} : { expiresAt }) };
			},
			{ now: () => state.now },
		);
		return { state, id: async () => (await source()).accessKeyId };
	}

	it('are fetched once for all calls, and again shortly before they expire', async () => {
		const { state, id } = setup((now) => now + 60 * MINUTE);
		expect(await Promise.all([id(), id(), id()])).toEqual(['K1', 'K1', 'K1']);
		state.now = 54 * MINUTE;
		expect(await id()).toBe('K1');
		state.now = 56 * MINUTE;
		expect(await Promise.all([id(), id()])).toEqual(['K2', 'K2']);
	});

	it('are asked for again after a source that failed before it began to wait', async () => {
		let broken = true;
		const source = renewed(
			(): Promise<{ id: string; expiresAt?: number }> => {
				if (broken) throw new RelaisError('provider_auth', 'broken');
				return Promise.resolve({ id: 'K' });
			},
			{ now: () => 0 },
		);
		await expect(source()).rejects.toThrow('broken');
		broken = false;
		expect(await source()).toEqual({ id: 'K' });
	});

	it('that do not expire are looked up again now and then', async () => {
		const { state, id } = setup(() => undefined);
		await id();
		state.now = 4 * MINUTE;
		expect(await id()).toBe('K1');
		state.now = 6 * MINUTE;
		expect(await id()).toBe('K2');
	});

	it('serve on while they hold when new ones cannot be had, and no longer', async () => {
		const { state, id } = setup((now) => now + 60 * MINUTE);
		await id();
		state.fails = true;
		state.now = 58 * MINUTE;
		expect(await id()).toBe('K1');
		state.now = 61 * MINUTE;
		await expect(id()).rejects.toThrow('gone');
		state.fails = false;
		expect(await id()).toMatch(/^K\d$/);
	});
});
