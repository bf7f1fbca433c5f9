import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
	gateway = upstream = undefined;
});

const ANSWER = { id: 'resp_2', object: 'response', created_at: 1, status: 'completed', model: 'm', error: null, output: [] };

describe('a server that shuts down', () => {
	it('still answers whose conversation it was looking up', async () => {
		upstream = await startUpstream((_request, response) =>
			response.setHeader('content-type', 'application/json').end(JSON.stringify(ANSWER)),
		);
		const given = await startGateway({
			config: { providers: [{ name: 'openai', type: 'openai', base_url: upstream.baseUrl, api_key: 'sk-0123456789' }] },
		});
		gateway = given;
		const { responses } = given.relais;
		let found: () => void = () => undefined;
		const asked = new Promise<void>((told) => {
			responses.get = (id, owner) => {
				told();
				return new Promise((resolve) => {
					found = () => resolve({ id, owner, createdAt: 1, input: [], response: { id, output: [] } });
				});
			};
		});
		const answer = post(given, '/v1/responses', { model: 'gpt-5', input: 'Go on', previous_response_id: 'resp_1' });
		await asked;
		const stopped = given.stop(5000);
		await new Promise((resolve) => setTimeout(resolve, 100));
		found();
		const response = await answer;
		expect([response.status, await response.json()]).toMatchObject([200, { id: 'resp_2' }]);
		await stopped;
	});

	it('still gives out a kept answer it was looking for', async () => {
		const given = await startGateway({ config: {} });
		gateway = given;
		const { responses } = given.relais;
		let found: () => void = () => undefined;
		const asked = new Promise<void>((told) => {
			responses.get = (id, owner) => {
				told();
				return new Promise((resolve) => {
					found = () => resolve({ id, owner, createdAt: 1, input: [], response: { id } });
				});
			};
		});
		const answer = fetch(`${given.url}/v1/responses/resp_1`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
		await asked;
		const stopped = given.stop(5000);
		await new Promise((resolve) => setTimeout(resolve, 100));
		found();
		expect(await (await answer).json()).toEqual({ id: 'resp_1' });
		await stopped;
	});
});
