import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { registerDoctor } from '../../src/cli/doctor/index.ts';
import { type Run, runCommand, temporaryFolder } from '../support/command.ts';
import { makeAccount, startTokenServer } from '../support/google/token-server.ts';
import { startUpstream } from '../support/upstream.ts';

function doctor(provider: object): Promise<Run> {
	const files = { 'relais.json': { simulate: 'never', providers: [provider] }, 'key.json': '{"type":"service_account"}' };
	return runCommand(registerDoctor, ['doctor'], { files, folder });
}

let folder = '';

/** A vendor that takes nothing. */
async function refusing(): Promise<string> {
	const upstream = await startUpstream((request, response) => {
		const { authorization, 'api-key': key } = request.headers;
		response.writeHead(401, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ error: { code: '401', status: 'UNAUTHENTICATED', message: `No ${authorization ?? key}` } }));
	});
	onTestFinished(() => upstream.close());
	return upstream.baseUrl;
}

describe('relais doctor', () => {
	it('names the cure of a key that Azure refuses, without the key', async () => {
		folder = temporaryFolder();
		const run = await doctor({
			name: 'azure',
			type: 'azure-openai',
			base_url: await refusing(),
			api_key: 'azure-key-0123456789',
		});
		expect(run.code).toBe(1);
		expect(run.out).toMatch(
			/azure: the key is refused\n {2}cure: set AZURE_OPENAI_API_KEY or api_key of provider "azure" \(keys: https:/,
		);
		expect(run.out + run.err).not.toContain('azure-key-0123456789');
	});

	it('says that a machine has no identity to show Azure', async () => {
		folder = temporaryFolder();
		vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', 'http://127.0.0.1:1');
		onTestFinished(() => void vi.unstubAllEnvs());
		const run = await doctor({
			name: 'azure',
			type: 'azure-openai',
			base_url: await refusing(),
			options: { auth: 'managed-identity' },
		});
		expect(run.code).toBe(1);
		expect(run.out).toMatch(
			/provider "azure" has no credentials: the machine's managed identity cannot be reached.*\n {2}cure: set AZURE_OPENAI_API_KEY/,
		);
	});

	it('says what is wrong with Google’s key file, and nothing of what it holds', async () => {
		folder = temporaryFolder();
		const credentials = join(folder, 'key.json');
		const run = await doctor({
			name: 'vertex',
			type: 'vertex-ai',
			base_url: await refusing(),
			options: { project: 'p', credentials },
		});
		expect(run.code).toBe(1);
		expect(run.out).toMatch(/provider "vertex" has no credentials: the credentials file .*key\.json has no client_email/);
		expect(run.out).toMatch(/\n {2}cure: set GOOGLE_APPLICATION_CREDENTIALS/);
	});

	it('names the cure of a token that Vertex AI refuses, without the token', async () => {
		folder = temporaryFolder();
		const account = makeAccount();
		const tokens = await startTokenServer({ accounts: [account], now: () => Date.now() });
		onTestFinished(() => tokens.upstream.close());
		const entry = { name: 'vertex', type: 'vertex-ai', base_url: await refusing() };
		const run = await doctor({ ...entry, options: { credentials: account.file(tokens.url) } });
		expect(run.code).toBe(1);
		expect(tokens.forms.length).toBeGreaterThan(0);
		expect(run.out).toMatch(/vertex: .*\n {2}cure: set GOOGLE_APPLICATION_CREDENTIALS/);
		expect(run.out + run.err).not.toMatch(/ya29|PRIVATE KEY/);
	});
});
