import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestRecord } from '../../../src/router/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../../support/gateway.ts';
import type { Address, Outcome } from './callers.ts';
import type { Answer, SurfaceName } from './recordings.ts';
import { type Replay, startReplay } from './replay.ts';

/** A vendor that replays recordings, and Relais before it. */
export interface Stage {
	replay: Replay;
	gateway: Gateway;
	/** Where clients find Relais. */
	relais: Address;
	/** Where they find the vendor itself. */
	vendor: Address;
	close(): Promise<void>;
}

const PROVIDERS: { [surface in SurfaceName]: string } = { chat: 'chat-vendor', messages: 'messages-vendor' };

/** The name under which Relais knows the model that gives an answer. */
export function modelOf(answer: Answer): string {
	return `${PROVIDERS[answer.own]}/${answer.model}`;
}

export async function setStage(answers: readonly Answer[]): Promise<Stage> {
	const replay = await startReplay(answers);
	const gateway = await startGateway({
		config: {
			providers: [
				{ name: PROVIDERS.chat, type: 'openai-compatible', base_url: replay.baseUrl, api_key: 'sk-vendor' },
				{ name: PROVIDERS.messages, type: 'anthropic-compatible', base_url: replay.baseUrl, api_key: 'sk-vendor' },
			],
			routing: { retries: 0 },
		},
	});
	return {
		replay,
		gateway,
		relais: { url: gateway.url, key: TEST_KEY },
		vendor: { url: replay.baseUrl.replace(/\/v1$/, ''), key: 'sk-vendor' },
		async close() {
			await gateway.close();
			await replay.close();
		},
	};
}

/** What became of a call; undefined for one that was refused before it had anywhere to go. */
export async function recordOf(stage: Stage, outcome: Outcome): Promise<RequestRecord | undefined> {
	const id = outcome.headers.get('x-relais-request-id') ?? '';
	if (outcome.error === undefined) return stage.gateway.record(id);
	for (let tries = 0; tries < 20; tries++) {
		const found = stage.gateway.records.find((record) => record.id === id);
		if (found !== undefined) return found;
		await sleep(2);
	}
	return undefined;
}
