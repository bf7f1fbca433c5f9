import { beforeAll, expect, it } from 'vitest';
import { buildProgram, serve } from './program.ts';

beforeAll(buildProgram, 60_000);

it('a web page of another origin gets no leave to call, neither before nor with a request', async () => {
	const gateway = await serve();
	const page = { origin: 'https://page.example' };
	const preflight = await fetch(`${gateway.url}/v1/chat/completions`, {
		method: 'OPTIONS',
		headers: { ...page, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
	});
	expect(preflight.status).toBe(405);
	const asked = await gateway.post('/v1/messages', {}, page);
	for (const reply of [preflight, asked])
		expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
	// What a page may send without asking first carries no key, and is refused.
	const simple = await fetch(`${gateway.url}/v1/chat/completions`, {
		method: 'POST',
		headers: { ...page, 'content-type': 'text/plain' },
		body: JSON.stringify({ model: 'gpt-6-luna', messages: [{ role: 'user', content: 'hi' }] }),
	});
	expect(simple.status).toBe(401);
});
