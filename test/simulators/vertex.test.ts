import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { stage } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-vertex', kind: 'vertex' }] });
const PLACE = '/v1/projects/p/locations/global/publishers';
const GEMINI = `${PLACE}/google/models/gemini-3.5-flash`;
const CLAUDE = `${PLACE}/anthropic/models/claude-sonnet-4-5@20250929`;
const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
const claude = { anthropic_version: 'vertex-2023-10-16', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
const post = (path: string, body: object, headers = {}) => scene.post('sim-vertex', path, body, headers);

/** An assertion of the simulated account, or of what is changed in it. */
function assertion(changed: object = {}, key?: string): string {
	const account = scene.vendor('sim-vertex').serviceAccount;
	const now = Math.floor(Date.now() / 1000);
	const scope = 'https://www.googleapis.com/auth/cloud-platform';
	const claims = { iss: account?.client_email, aud: account?.token_uri, scope, iat: now, exp: now + 3600, ...changed };
	const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
	return `${signed}.${createSign('RSA-SHA256')
		.update(signed)
		.sign(key ?? account?.private_key ?? '', 'base64url')}`;
}

async function token(jwt: string): Promise<{ access_token?: string; error?: string; error_description?: string }> {
	const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt });
	const response = await fetch(`${scene.vendor('sim-vertex').baseUrl}/token`, { method: 'POST', body: form });
	return (await response.json()) as { access_token?: string };
}

describe('the simulated Vertex', () => {
	it('answers Gemini’s requests at the place of a project, streamed or not', async () => {
		const whole = await (await post(`${GEMINI}:generateContent`, { contents })).json();
		expect(JSON.stringify(whole)).toContain('you said «Hello»');
		const stream = await (await post(`${GEMINI}:streamGenerateContent?alt=sse`, { contents })).text();
		expect(data(stream).at(-1)).toHaveProperty('candidates.0.finishReason', 'STOP');
	});

	it('answers Claude’s, with the version in the body and the model in the path', async () => {
		const whole = await (await post(`${CLAUDE}:rawPredict`, claude)).json();
		expect(whole).toMatchObject({ type: 'message', model: 'claude-sonnet-4-5-20250929' });
		const stream = await (await post(`${CLAUDE}:streamRawPredict`, claude)).text();
		expect(data(stream).at(-1)).toMatchObject({ type: 'message_stop' });
		const { max_tokens, ...counted } = { ...claude, model: 'claude-sonnet-5' };
		expect(await (await post(`${PLACE}/anthropic/models/count-tokens:rawPredict`, counted)).json()).toEqual({ input_tokens: 5 });
	});

	it.each([
		['no version', { ...claude, anthropic_version: undefined }, 'anthropic_version: Field required'],
		['another version', { ...claude, anthropic_version: '2023-06-01' }, "anthropic_version: Input should be 'vertex-2023-10-16'"],
		['a model in the body', { ...claude, model: 'claude-sonnet-5' }, 'model: Extra inputs are not permitted'],
		['an unknown field', { ...claude, foo: 1 }, 'foo: Extra inputs are not permitted'],
	])('refuses %s', async (_what, body, message) => {
		const response = await post(`${CLAUDE}:rawPredict`, body);
		expect([response.status, ((await response.json()) as { error: { message: string } }).error.message]).toEqual([400, message]);
	});

	it('refuses calls without a token, whatever their key', async () => {
		for (const path of [`${GEMINI}:generateContent`, `${CLAUDE}:rawPredict`]) {
			const response = await post(path, path.startsWith(GEMINI) ? { contents } : claude, { authorization: 'Bearer wrong' });
			expect(response.status).toBe(401);
			expect(await response.json()).toHaveProperty('error.status', 'UNAUTHENTICATED');
		}
	});

	it('hands out tokens against signed assertions, and takes them', async () => {
		const { access_token } = await token(assertion());
		const response = await post(`${GEMINI}:generateContent`, { contents }, { authorization: `Bearer ${access_token}` });
		expect(response.status).toBe(200);
	});

	it.each([
		[
			'signed with another key',
			() =>
				assertion(
					{},
					generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
				),
			/^Invalid JWT Signature/,
		],
		['of another account', () => assertion({ iss: 'other@example.com' }), /account not found/],
		['for another audience', () => assertion({ aud: 'https://example.com' }), /Failed audience check/],
		['that is old', () => assertion({ iat: 1000, exp: 2000 }), /short-lived token/],
		['without the scope', () => assertion({ scope: 'openid' }), /Invalid OAuth scope/],
	])('refuses an assertion %s', async (_what, jwt, message) => {
		expect((await token(jwt())).error_description).toMatch(message);
	});

	it('stands in for the metadata server', async () => {
		const url = `${scene.vendor('sim-vertex').baseUrl}/computeMetadata/v1/instance/service-accounts/default/token`;
		expect((await fetch(url)).status).toBe(403);
		expect(await (await fetch(url, { headers: { 'metadata-flavor': 'Google' } })).json()).toHaveProperty('access_token');
	});
});
