import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/lib/clock.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { rerouted } from '../support/rerouted.ts';
import { completion, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
beforeAll(async () => {
	upstream = await startUpstream((_request, response) => {
		response.writeHead(200, { 'content-type': 'application/json' }).end(completion('Hello.'));
	});
});
afterAll(() => upstream.close());

let gateway: Gateway;
afterEach(() => gateway.close());

/** A clock that shows this day at its beginning and runs on from there. */
function on(day: string): Clock {
	const start = Date.parse(day) - Date.now();
	return { ...systemClock, now: () => Date.now() + start };
}

async function start(day: string, config: object): Promise<void> {
	gateway = await startGateway({ config, clock: on(day), transport: rerouted(upstream.baseUrl) });
}

interface Asked {
	status: number;
	message: string;
	/** Relais's own code; clients find the one of their format. */
	code: string | undefined;
	warnings: { kind: string; path: string; message: string }[];
	/** What reached the vendor. */
	sent: unknown;
}

async function ask(model: string): Promise<Asked> {
	const before = upstream.bodies.length;
	const response = await post(gateway, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] });
	const body = (await response.json()) as { error?: { message: string } };
	const record = await gateway.record(response.headers.get('x-relais-request-id') ?? '');
	const warnings = JSON.parse(response.headers.get('x-relais-warnings') ?? '[]') as Asked['warnings'];
	const sent =
		upstream.bodies.length > before ? (JSON.parse(upstream.bodies.at(-1) ?? '{}') as { model: unknown }).model : undefined;
	return { status: response.status, message: body.error?.message ?? '', code: record.error?.code, warnings, sent };
}

const openai = { name: 'main', type: 'openai', api_key: 'sk-test' };

describe('a model whose end is past', () => {
	it('is answered with its date and the closest one that is there, and nothing is sent', async () => {
		await start('2026-11-20', { providers: [openai] });
		for (const name of ['main/gpt-4', 'gpt-4']) {
			const { status, message, code, sent } = await ask(name);
			expect({ status, code, sent }).toEqual({ status: 404, code: 'model_retired', sent: undefined });
			expect(message).toBe(
				'main/gpt-4 was shut down on 2026-10-23. Use "main/gpt-5.6-sol", or set retired_models: replace in the config.',
			);
		}
	});

	it('answered the day before, with a notice', async () => {
		await start('2026-10-22', { providers: [openai] });
		const { status, warnings, sent } = await ask('gpt-4');
		expect({ status, sent }).toEqual({ status: 200, sent: 'gpt-4' });
		expect(warnings).toEqual([
			{ kind: 'notice', path: 'model', message: 'main/gpt-4 will be shut down on 2026-10-23; its replacement is gpt-5.6-sol' },
		]);
	});

	it('is replaced where the config says so, and the client is told', async () => {
		await start('2026-11-20', { providers: [openai], retired_models: 'replace' });
		const { status, warnings, sent } = await ask('gpt-4');
		expect({ status, sent }).toEqual({ status: 200, sent: 'gpt-5.6-sol' });
		expect(warnings[0]).toEqual({
			kind: 'changed',
			path: 'model',
			message: 'main/gpt-4 was shut down on 2026-10-23; "main/gpt-5.6-sol" was asked in its place',
		});
	});

	it('is tried where the config says so', async () => {
		await start('2026-11-20', { providers: [openai], retired_models: 'ignore' });
		const { status, warnings, sent } = await ask('gpt-4');
		expect({ status, sent, kind: warnings[0]?.kind }).toEqual({ status: 200, sent: 'gpt-4', kind: 'notice' });
	});

	it('is asked without a word at an address of the user’s own', async () => {
		await start('2026-11-20', { providers: [{ ...openai, base_url: upstream.baseUrl }] });
		expect(await ask('gpt-4')).toMatchObject({ status: 200, sent: 'gpt-4', warnings: [] });
	});

	it('is passed over in a route', async () => {
		const routes = [{ name: 'smart', targets: ['main/gpt-4', 'main/gpt-6-luna'] }];
		await start('2026-11-20', { providers: [openai], routes });
		expect(await ask('smart')).toMatchObject({ status: 200, sent: 'gpt-6-luna' });
	});

	it('is not listed any more, though its name in wide use is still known', async () => {
		await start('2026-11-20', { providers: [{ name: 'a', type: 'anthropic', api_key: 'k' }] });
		const response = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
		const ids = ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
		expect(ids).toContain('claude-opus-5-5');
		expect(ids).not.toContain('claude-3-opus-20240229');
		expect(ids).not.toContain('claude-3-opus');
		expect((await ask('claude-3-opus')).message).toMatch(/was shut down on 2026-01-05\. Use "a\/claude-opus-5-5"/);
	});
});

describe('a provider that has ended', () => {
	it('names its date and who still serves the model', async () => {
		await start('2026-11-20', { providers: [{ name: 'gh', type: 'github-models', api_key: 'k' }] });
		const { status, code, message, sent } = await ask('gh/openai/gpt-4o');
		expect({ status, code, sent }).toEqual({ status: 404, code: 'model_retired', sent: undefined });
		expect(message).toMatch(
			/^GitHub Models was shut down on 2026-07-30: gh\/openai\/gpt-4o no longer answers\. "openai\/gpt-4o"/,
		);
	});

	it('points to the one that is configured', async () => {
		const gh = { name: 'gh', type: 'github-models', api_key: 'k' };
		await start('2026-11-20', { providers: [gh, openai], retired_models: 'replace' });
		expect(await ask('gh/openai/gpt-4o')).toMatchObject({ status: 200, sent: 'gpt-4o' });
	});

	it('leads from the old chat models of a vendor that changed to its new one', async () => {
		await start('2026-11-20', { providers: [{ name: 'p', type: 'perplexity', api_key: 'k' }] });
		const { status, message } = await ask('p/sonar-pro');
		expect(status).toBe(404);
		expect(message).toMatch(/^p\/sonar-pro was shut down on 2026-09-27\. Use "p\/perplexity\/sonar"/);
	});

	it('is reached all the same at an address of the user’s own', async () => {
		await start('2026-11-20', { providers: [{ name: 'j', type: 'ai21', api_key: 'k', base_url: upstream.baseUrl }] });
		expect(await ask('j/jamba-large-1.7')).toMatchObject({ status: 200, sent: 'jamba-large-1.7', warnings: [] });
	});
});
