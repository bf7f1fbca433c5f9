import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type RunningSimulator, type SimulatorOptions, type Simulators, startSimulators } from '../../src/simulators/index.ts';

/** The simulators of one test file, started before it and forgetful after each test. */
export interface Stage {
	readonly simulators: Simulators;
	vendor(name: string): RunningSimulator;
	openai(name?: string): OpenAI;
	anthropic(): Anthropic;
	/** The vendor has to be among those started. */
	gemini(name?: string): GoogleGenAI;
	/** Posts JSON to a vendor with its key; `body` may be any text. */
	post(name: string, path: string, body: unknown, headers?: { [name: string]: string }): Promise<Response>;
}

/** Starts simulators for the tests of a file. */
export function stage(options: SimulatorOptions = {}): Stage {
	let running: Simulators | undefined;
	const simulators = (): Simulators => {
		if (running === undefined) throw new Error('the simulators have not been started');
		return running;
	};
	beforeAll(async () => {
		running = await startSimulators(options);
	});
	afterEach(() => simulators().reset());
	afterAll(() => simulators().close());
	const vendor = (name: string): RunningSimulator => {
		const found = simulators().vendors.find((candidate) => candidate.name === name);
		if (found === undefined) throw new Error(`no simulator ${name}`);
		return found;
	};
	return {
		get simulators() {
			return simulators();
		},
		vendor,
		openai: (name = 'sim-openai') => new OpenAI({ baseURL: vendor(name).baseUrl, apiKey: vendor(name).apiKey, maxRetries: 0 }),
		anthropic: () => {
			const { baseUrl, apiKey } = vendor('sim-anthropic');
			return new Anthropic({ baseURL: baseUrl.replace(/\/v1$/, ''), apiKey, maxRetries: 0 });
		},
		gemini: (name = 'sim-gemini') => {
			const { baseUrl, apiKey } = vendor(name);
			return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: baseUrl.replace(/\/v1beta$/, '') } });
		},
		post: (name, path, body, headers = {}) => {
			const { baseUrl, apiKey } = vendor(name);
			return fetch(`${baseUrl}${path}`, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${apiKey}`,
					'anthropic-version': '2023-06-01',
					'x-goog-api-key': apiKey,
					'content-type': 'application/json',
					...headers,
				},
				body: typeof body === 'string' ? body : JSON.stringify(body),
			});
		},
	};
}

/** Bedrock's client, with the simulator's own signing keys or others. */
export function bedrockClient({ baseUrl, keys }: RunningSimulator, more: BedrockRuntimeClientConfig = {}): BedrockRuntimeClient {
	const credentials = keys ?? { accessKeyId: '', secretAccessKey: '' };
	const requestHandler = new NodeHttpHandler();
	return new BedrockRuntimeClient({
		region: 'us-east-1',
		endpoint: baseUrl,
		credentials,
		requestHandler,
		maxAttempts: 1,
		...more,
	});
}

/** The error object of an answer. */
export async function errorOf(response: Response): Promise<{ message: string; type: string; code?: unknown }> {
	const { error } = (await response.json()) as { error: { message: string; type: string; code?: unknown } };
	return error;
}

/** Waits until a condition holds: for what happens on the other side of a socket. Fails after two seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
	const until = Date.now() + 2000;
	while (!holds()) {
		if (Date.now() > until) throw new Error('what was waited for did not happen');
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** A PNG of 3 x 2 pixels, whole. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGNgYGD4D0UQCgAl6gP9iIi5mQAAAABJRU5ErkJggg==';

/** The head of a JPEG of 20 x 10 pixels, enough to read its size. */
export const JPEG = Buffer.from([
	0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0xff,
	0xc0, 0x00, 0x11, 0x08, 0x00, 0x0a, 0x00, 0x14, 0x03, 0x01, 0x22, 0x00, 0x02, 0x11, 0x01, 0x03, 0x11, 0x01, 0xff, 0xd9,
]).toString('base64');

/** The schema of the weather tool that many tests offer. */
export const WEATHER_SCHEMA = {
	type: 'object' as const,
	properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
	required: ['city', 'unit'],
	additionalProperties: false,
};
