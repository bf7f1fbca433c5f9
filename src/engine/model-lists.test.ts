import { describe, expect, it } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { Ticker } from '../lib/ticker.ts';
import { type ModelInfo, type Provider, RelaisError } from '../spec/index.ts';
import { createLogger, type Logger } from '../telemetry/log/index.ts';
import { type Discovered, LIST_TTL_MS, ModelLists } from './model-lists.ts';

const model = (id: string): ModelInfo => ({
	id,
	provider: 'one',
	mode: 'chat',
	contextWindow: null,
	maxOutput: null,
	price: { input: null, output: null, cacheRead: null, cacheWrite: null },
	capabilities: {
		chat: true,
		streaming: null,
		tools: null,
		jsonSchema: null,
		vision: null,
		reasoning: null,
		embeddings: null,
		dataSources: null,
	},
	inputModalities: [],
	outputModalities: [],
});

/** A provider that lists what the script says, call by call; the last answer again and again. */
function scripted(name: string, script: (string[] | Error | 'never')[]): { provider: Provider; asked: () => number } {
	let calls = 0;
	const provider: Provider = {
		name,
		type: 'test',
		capabilities: () => model('x').capabilities,
		isHealthy: async () => ({ healthy: true, latencyMs: 0 }),
		chat: () => Promise.reject(new Error('costs money')),
		chatStream: () => {
			throw new Error('costs money');
		},
		listModels() {
			const answer = script[Math.min(calls++, script.length - 1)] ?? [];
			if (answer === 'never') return new Promise(() => undefined);
			return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer.map(model));
		},
	};
	return { provider, asked: () => calls };
}

interface Said {
	level: 'warn' | 'info';
	provider: string;
	reason?: string;
}

function stage(): { lists: ModelLists; clock: ManualClock; said: Said[]; changes: string[][] } {
	const clock = new ManualClock();
	const said: Said[] = [];
	const changes: string[][] = [];
	const tell = (level: Said['level']) => (fields: Omit<Said, 'level'>) => void said.push({ level, ...fields });
	const logger: Logger = Object.assign(createLogger('silent'), { warn: tell('warn'), info: tell('info') });
	const idsOf = (lists: Discovered): string[] => [...lists].flatMap(([name, models]) => models.map(({ id }) => `${name}/${id}`));
	const lists = new ModelLists({
		clock,
		ticker: new Ticker(clock, 25),
		random: () => 0.5,
		logger,
		redact: (text) => text.replaceAll('sk-secret', '[hidden]'),
		changed: (known) => changes.push(idsOf(known)),
	});
	return { lists, clock, said, changes };
}

const refused = new RelaisError('provider_unreachable', '127.0.0.1:9 refused sk-secret');

describe('the model lists', () => {
	it('are asked a moment after the start, kept, and asked again when they are old', async () => {
		const { lists, clock, changes } = stage();
		const one = scripted('one', [['a'], ['a'], ['a', 'b']]);
		lists.follow([{ provider: one.provider, place: 'x', unknown: false }]);
		lists.keepFresh();
		await clock.advance(500);
		expect(one.asked()).toBe(0);
		await clock.advance(3000);
		expect(changes).toEqual([['one/a']]);
		await clock.advance(LIST_TTL_MS - 5000);
		expect(one.asked()).toBe(1);
		await clock.advance(10_000);
		expect([one.asked(), changes.length]).toEqual([2, 1]);
		await clock.advance(LIST_TTL_MS + 2000);
		expect(changes).toEqual([['one/a'], ['one/a', 'one/b']]);
		lists.close();
		await clock.advance(LIST_TTL_MS * 3);
		expect(one.asked()).toBe(3);
		expect(clock.sleeping).toBe(0);
	});

	it('of a provider that was down at the start come as soon as it is back, which is said once each way', async () => {
		const { lists, clock, said, changes } = stage();
		const one = scripted('one', [refused, refused, refused, ['a']]);
		lists.follow([{ provider: one.provider, place: 'x', unknown: true }]);
		await lists.refresh('unknown');
		expect(said).toEqual([{ level: 'warn', provider: 'one', reason: '127.0.0.1:9 refused [hidden]' }]);
		lists.keepFresh();
		await clock.advance(32_000);
		expect(one.asked()).toBe(2);
		await clock.advance(62_000);
		expect(one.asked()).toBe(3);
		await clock.advance(122_000);
		expect(changes).toEqual([['one/a']]);
		expect(said.map(({ level }) => level)).toEqual(['warn', 'info']);
		lists.close();
	});

	it('over its key is told without what the vendor says of the key', async () => {
		const refused = new RelaisError('provider_auth', 'Incorrect API key provided: sk-abc****wxyz.');
		const { lists, said } = stage();
		lists.follow([{ provider: scripted('one', [refused]).provider, place: 'here', unknown: false }]);
		await lists.refresh('all');
		expect(said).toEqual([{ level: 'warn', provider: 'one', reason: 'its key is missing or wrong' }]);
	});

	it('keep what they knew when a provider fails later, and say so again when it fails in another way', async () => {
		const { lists, said } = stage();
		const one = scripted('one', [['a'], refused, refused, new RelaisError('provider_auth', 'wrong key')]);
		lists.follow([{ provider: one.provider, place: 'x', unknown: false }]);
		for (let round = 0; round < 4; round++) await lists.refresh('all');
		expect(
			lists
				.lists()
				.get('one')
				?.map(({ id }) => id),
		).toEqual(['a']);
		expect(said.map(({ reason }) => reason)).toEqual(['127.0.0.1:9 refused [hidden]', 'its key is missing or wrong']);
	});

	it('are not held up for ever by a provider that never answers, nor by one that throws', async () => {
		const { lists, clock, said } = stage();
		const mute = scripted('mute', ['never']);
		const broken = scripted('broken', []).provider;
		broken.listModels = () => {
			throw new TypeError('no list');
		};
		lists.follow([
			{ provider: mute.provider, place: 'x', unknown: true },
			{ provider: broken, place: 'x', unknown: true },
		]);
		const over = lists.refresh('unknown');
		await clock.advance(6000);
		await over;
		expect(said.map(({ provider, reason }) => [provider, reason])).toEqual([
			['broken', 'no list'],
			['mute', 'no answer within 5000 ms'],
		]);
	});

	it('follow a new config: a provider that stayed where it was is still known, another is not', async () => {
		const { lists } = stage();
		const one = scripted('one', [['a']]);
		const two = scripted('two', [['b']]);
		lists.follow([
			{ provider: one.provider, place: 'x', unknown: true },
			{ provider: two.provider, place: 'x', unknown: true },
		]);
		await lists.refresh('all');
		lists.follow([
			{ provider: one.provider, place: 'x', unknown: true },
			{ provider: two.provider, place: 'elsewhere', unknown: true },
		]);
		expect([...lists.lists().keys()]).toEqual(['one']);
	});

	it('drop an answer that comes after its provider has been replaced', async () => {
		const { lists, changes } = stage();
		const one = scripted('one', [['old']]);
		lists.follow([{ provider: one.provider, place: 'x', unknown: true }]);
		const asking = lists.refresh('all');
		lists.follow([{ provider: one.provider, place: 'elsewhere', unknown: true }]);
		await asking;
		expect(changes).toEqual([]);
	});

	it('leave out what is no model', async () => {
		const { lists } = stage();
		const one = scripted('one', [['a', '', 'x'.repeat(600)]]);
		lists.follow([{ provider: one.provider, place: 'x', unknown: true }]);
		await lists.refresh('all');
		expect(lists.lists().get('one')).toHaveLength(1);
	});
});
