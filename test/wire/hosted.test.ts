import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRelaisError, type JsonObject, type JsonValue, type Provider, type StreamPart } from '../../src/spec/index.ts';
import { createTestHost, streamFault, type TestHost } from '../../src/testing/index.ts';
import { callContext, shipped } from '../support/providers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

interface Recording {
	id: string;
	provider: string;
	api: string;
	request: { path?: string; body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string };
}

/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const HOSTS = ['azure-openai', 'azure-ai', 'azure-anthropic', 'google-vertex'];

/** What of the recorded traffic is no chat, or was asked for in a form that is never asked for here. */
const LEFT_OUT = /embeddings|predict-c21|counttokens|\$alt=json/;
/** A stream asked for without `alt=sse`. */
const ARRAY = 'google-vertex-streamgeneratecontent-57a0fc279117';
/** Asked at an address without a resource's path. */
const ELSEWHERE = 'azure-openai-chat-completions-c89e2160deb6';

function load(folder: string): Recording[] {
	const path = join(WIRE, folder);
	if (!existsSync(path)) return [];
	return readdirSync(path).map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')) as Recording);
}

const recorded = HOSTS.flatMap(load).filter(
	({ id, api, request }) => request?.body && !LEFT_OUT.test(`${id} ${api} ${request.path}`) && id !== ARRAY && id !== ELSEWHERE,
);
const names: [string, Recording][] = recorded.map((each) => [each.id, each]);

/** Dialect of a recording and the settings that lead to its address. */
function setup({ provider, api, request }: Recording, root: string) {
	const path = (request?.path ?? '').replace(/^\/\//, '/').replaceAll(/<GOOGLE_CLOUD_(\w+)>/g, (_, what) => what.toLowerCase());
	const version = /api-version=([^&]+)/.exec(path)?.[1];
	if (provider === 'google-vertex') {
		const [, project = '', location = ''] = /projects\/([^/]+)\/locations\/([^/]+)/.exec(path) ?? [];
		const options: JsonObject = project === '' ? {} : { project, location };
		const base = { type: 'vertex-ai', baseUrl: `${root}/${path.split('/')[1]}`, options };
		const dialect = api.endsWith('awPredict') ? 'anthropic-messages' : 'gemini';
		const model = /models\/([^:]+):/.exec(path)?.[1] ?? '';
		return { path, dialect, model, settings: { ...base, apiKey: project === '' ? 'express-key' : 'ya29.token' } };
	}
	const dialect = api === 'messages' ? 'anthropic-messages' : api === 'responses' ? 'openai-responses' : 'openai-chat';
	const deployment = /deployments\/([^/]+)/.exec(path)?.[1];
	const model = deployment ?? String(request?.body?.model ?? '');
	const dated = version ?? (/\/openai\/(deployments|responses)/.test(path) ? '2025-04-01-preview' : undefined);
	const type = provider === 'azure-openai' ? 'azure-openai' : 'azure-ai-foundry';
	const options: JsonObject = dated === undefined ? {} : { api_version: dated };
	return { path, dialect, model, settings: { type, baseUrl: root, options, apiKey: 'key' } };
}

/** The recorded path, the version of which the recorder has sometimes left out. */
const withoutQuery = (path: string): string => path.replace(/\?.*/, '');

describe.skipIf(recorded.length === 0)(
	'traffic of hosts of other makers’ models (skipped where ../shared/wire is absent)',
	() => {
		let upstream: Upstream;
		let host: TestHost;
		let playing: Recording;

		beforeAll(async () => {
			host = createTestHost();
			upstream = await startUpstream((_request, response) => {
				const { status, headers, body, body_text: text } = playing.response;
				const type =
					headers['content-type'] ??
					(text?.startsWith('data:') || text?.startsWith('event:') ? 'text/event-stream' : 'application/json');
				response.writeHead(status, { 'content-type': type });
				response.end(text ?? JSON.stringify(body));
			});
		});
		afterAll(async () => {
			await host.close();
			await upstream.close();
		});

		/** Sends the recorded request, put into words anew, to where the provider has this dialect, and reads the answer. */
		async function answer(provider: Provider, body: JsonObject, dialect: string, model: string): Promise<StreamPart[] | number> {
			const wire = provider.wireFor?.(model, dialect);
			if (wire === undefined) throw new Error('no wire');
			expect(wire.dialect.name).toBe(dialect);
			const stream = playing.response.body_text !== undefined && playing.response.status < 300;
			const { value } = wire.dialect.decodeRequest({ ...body, model });
			const { value: encoded } = wire.dialect.encodeRequest({ ...value, model, stream }, { model, traits: wire.traits(model) });
			const changes = wire.bodyChanges(encoded, model, () => undefined);
			const call = { ...(await wire.call('chat', model, {}, stream)), body: JSON.stringify({ ...encoded, ...changes }) };
			const { timeouts } = wire;
			const { signal } = callContext();
			if (stream) {
				const { frames } = await host.stream(call, wire.dialect, timeouts, signal);
				const decoder = wire.dialect.streamDecoder();
				const parts: StreamPart[] = [];
				for await (const frame of frames) parts.push(...decoder.push(frame));
				return [...parts, ...decoder.end()];
			}
			const reply = await host.request(call, timeouts, signal);
			const read = JSON.parse(reply.body.toString()) as JsonValue;
			if (reply.status > 299) throw wire.dialect.decodeError(reply.status, reply.headers, read);
			return wire.dialect.decodeResponse(read).value.candidates.length;
		}

		test('all of it is read', () => expect(recorded.length).toBe(65));

		test.each(names)('%s', async (_, recording) => {
			playing = recording;
			const root = upstream.baseUrl.replace('/v1', '');
			const { path, dialect, model, settings } = setup(recording, root);
			const provider = shipped(settings, host);
			const before = upstream.requests.length;
			let result: StreamPart[] | number | undefined;
			let failure: unknown;
			try {
				result = await answer(provider, recording.request?.body ?? {}, dialect, model);
			} catch (error) {
				failure = error;
			}
			expect(withoutQuery(upstream.requests[before]?.url ?? '')).toBe(withoutQuery(path));
			if (recording.response.status > 299) {
				expect(isRelaisError(failure)).toBe(true);
				return;
			}
			if (failure !== undefined) throw failure;
			if (!Array.isArray(result)) expect(result).toBeGreaterThan(0);
			else {
				expect(streamFault(result)).toBeUndefined();
				expect(result.at(-1)?.type).toBe('end');
			}
		});
	},
);
