import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { fileResponseStore, type ResponseStore, type StoredResponse, type StoreLimits } from './index.ts';
import { sweep } from './sweep.ts';

const DAY = 24 * 60 * 60 * 1000;

let root = '';
let folder = '';
let stores: ResponseStore[] = [];
let warnings: { facts: object; message: string }[] = [];

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'relais-responses-'));
	folder = join(root, 'data', 'responses');
	stores = [];
	warnings = [];
});

afterEach(async () => {
	await Promise.all(stores.map((store) => store.close()));
	rmSync(root, { recursive: true, force: true });
});

function open(limits: Partial<StoreLimits> = {}, at = folder): ResponseStore {
	const store = fileResponseStore({
		folder: at,
		clock: { ...systemClock, sleep: async () => undefined },
		warn: (facts, message) => warnings.push({ facts, message }),
		limits,
	});
	stores.push(store);
	return store;
}

function answer(id: string, text = 'Hello', owner: string | undefined = 'ci'): StoredResponse {
	return { id, owner, createdAt: 1, input: [{ role: 'user', content: 'Hi' }], response: { id, object: 'response', text } };
}

function files(): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.json'))
		.map((name) => join(folder, name));
}

/** Puts answers and waits until they are on disk. */
async function filed(...answers: StoredResponse[]): Promise<void> {
	const store = open();
	for (const each of answers) store.put(each);
	await store.close();
}

describe('a kept answer', () => {
	it('is there at once, and in another process after the first has closed', async () => {
		const store = open();
		store.put(answer('resp_1'));
		expect(await store.get('resp_1', 'ci')).toEqual(answer('resp_1'));
		await store.close();
		expect(await open().get('resp_1', 'ci')).toEqual(answer('resp_1'));
	});

	it('keeps what it goes on from and where the rest of it is', async () => {
		const given: StoredResponse = { ...answer('resp_2'), previous: 'resp_1', elsewhere: true };
		await filed(given);
		expect(await open().get('resp_2', 'ci')).toEqual(given);
	});

	it('does not exist for another owner, nor for nobody', async () => {
		await filed(answer('resp_1'), { ...answer('resp_open'), owner: undefined });
		const store = open();
		expect(await store.get('resp_1', 'other')).toBeUndefined();
		expect(await store.get('resp_1', undefined)).toBeUndefined();
		expect(await store.delete('resp_1', 'other')).toBe(false);
		expect(await store.get('resp_open', 'ci')).toBeUndefined();
		expect(await store.get('resp_open', undefined)).toMatchObject({ id: 'resp_open' });
	});

	it('of one owner is not replaced by that of another under the same id', async () => {
		await filed(answer('resp_1', 'mine', 'a'), answer('resp_1', 'yours', 'b'));
		const store = open();
		expect((await store.get('resp_1', 'a'))?.response.text).toBe('mine');
		expect((await store.get('resp_1', 'b'))?.response.text).toBe('yours');
	});

	it('that is deleted is gone, on disk and in other processes', async () => {
		await filed(answer('resp_1'));
		const [here, there] = [open(), open()];
		expect(await there.get('resp_1', 'ci')).toBeDefined();
		expect(await here.delete('resp_1', 'ci')).toBe(true);
		expect(await here.delete('resp_1', 'ci')).toBe(false);
		expect(await there.get('resp_1', 'ci')).toBeUndefined();
		expect(files()).toEqual([]);
	});

	it('is known to be somebody’s, before it is written and after it is deleted', async () => {
		const store = open();
		store.put(answer('resp_1'));
		expect(await store.isTaken('resp_1')).toBe(true);
		await store.close();
		const other = open();
		expect(await other.isTaken('resp_1')).toBe(true);
		expect(await other.delete('resp_1', 'ci')).toBe(true);
		expect(await other.isTaken('resp_1')).toBe(true);
		expect(await other.isTaken('resp_2')).toBe(false);
	});

	it('that is deleted while it is being written does not come back', async () => {
		const store = open();
		store.put(answer('resp_1'));
		expect(await store.delete('resp_1', 'ci')).toBe(true);
		await store.close();
		expect(files()).toEqual([]);
	});

	it('is readable by its user alone, and no part of a repository', async () => {
		await filed(answer('resp_1'));
		expect(statSync(files()[0] ?? '').mode & 0o077).toBe(0);
		expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
	});
});

describe('an id', () => {
	it.each(['../../../../etc/passwd', '..', '/etc/passwd', 'a/b', 'a\0b', 'résumé ✓', 'x'.repeat(512)])(
		'%j stays in the folder',
		async (id) => {
			await filed(answer(id));
			expect(await open().get(id, 'ci')).toMatchObject({ id });
			expect(files()).toHaveLength(1);
			expect(readdirSync(join(root, 'data'))).toEqual(['responses']);
		},
	);

	it('that is none is not kept, and the log says so', async () => {
		await filed(answer(''), answer('x'.repeat(513)));
		expect(warnings).toHaveLength(2);
		expect(await open().get('', 'ci')).toBeUndefined();
	});
});

describe('what goes wrong', () => {
	it.each([
		'',
		'{"format":1,"id":"resp_1"',
		'[]',
		'{"format":2}',
		'{"format":1,"id":"resp_1","createdAt":1,"input":{},"response":{}}',
	])('a file that holds %j is skipped, and the log names it', async (text) => {
		await filed(answer('resp_1'), answer('resp_2'));
		const spoilt = files().find((path) => readFileSync(path, 'utf8').includes('resp_1')) ?? '';
		writeFileSync(spoilt, text);
		const store = open();
		expect(await store.get('resp_1', 'ci')).toBeUndefined();
		expect(warnings[0]?.facts).toEqual({ file: spoilt });
		expect(await store.get('resp_2', 'ci')).toBeDefined();
	});

	it('a disk that takes nothing is reported, and memory keeps the answer', async () => {
		const blocked = join(root, 'blocked');
		writeFileSync(blocked, 'a file where a folder is needed');
		const store = open({}, join(blocked, 'responses'));
		store.put(answer('resp_1'));
		await expect.poll(() => warnings.some(({ facts }) => JSON.stringify(facts).includes('resp_1'))).toBe(true);
		expect(await store.get('resp_1', 'ci')).toBeDefined();
	});

	it('an answer over the limit is not kept, and the log says so', async () => {
		const store = open({ recordBytes: 1000 });
		store.put(answer('resp_1', 'x'.repeat(2000)));
		await store.close();
		expect(warnings).toHaveLength(1);
		expect(await open().get('resp_1', 'ci')).toBeUndefined();
	});

	it('more answers than may wait are not kept, and the log says so', async () => {
		const store = open({ waiting: 2 });
		for (let at = 0; at < 5; at++) store.put(answer(`resp_${at}`));
		await store.close();
		expect(files()).toHaveLength(2);
		expect(warnings).toHaveLength(3);
	});
});

describe('a slow disk', () => {
	it('is not waited for again so soon', async () => {
		let now = 0;
		const clock = { ...systemClock, monotonic: () => (now += 130), sleep: async () => undefined };
		const slow = fileResponseStore({ folder, clock, warn: (facts, message) => warnings.push({ facts, message }) });
		for (let at = 0; at < 10; at++) slow.put(answer(`resp_${at}`));
		await slow.close();
		expect(warnings).toEqual([]);
		expect(files()).toHaveLength(10);
		expect(await open().get('resp_9', 'ci')).toBeDefined();
	});

	it('takes large answers at its leisure', async () => {
		await filed(answer('resp_1', 'x'.repeat(300_000)));
		expect((await open().get('resp_1', 'ci'))?.response.text).toHaveLength(300_000);
	});
});

describe('many at once', () => {
	it('from two processes on one folder all arrive', async () => {
		const both = [open(), open()];
		for (let at = 0; at < 100; at++) both[at % 2]?.put(answer(`resp_${at % 70}`, `text ${at % 70}`));
		await Promise.all(both.map((store) => store.close()));
		expect(warnings).toEqual([]);
		const reader = open();
		for (let at = 0; at < 70; at++) expect((await reader.get(`resp_${at}`, 'ci'))?.response.text).toBe(`text ${at}`);
		expect(files()).toHaveLength(70);
	});

	it('memory holds no more than its limit, and the rest comes from disk', async () => {
		const store = open({ memoryBytes: 4000 });
		for (let at = 0; at < 20; at++) store.put(answer(`resp_${at}`, 'x'.repeat(500)));
		await store.close();
		for (let at = 0; at < 20; at++) expect(await store.get(`resp_${at}`, 'ci')).toBeDefined();
	});
});

describe('time and room', () => {
	function age(path: string, days: number): void {
		const then = (Date.now() - days * DAY) / 1000;
		utimesSync(path, then, then);
	}

	it('an answer expires 30 days after it was last used', async () => {
		await filed(answer('resp_1'));
		const [path = ''] = files();
		age(path, 29);
		expect(await open().get('resp_1', 'ci')).toBeDefined();
		expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(DAY);
		age(path, 31);
		expect(await open().get('resp_1', 'ci')).toBeUndefined();
	});

	it('what has expired is removed, then what was unused for longest', async () => {
		await filed(answer('resp_old'), answer('resp_1'), answer('resp_2'));
		const of = (id: string): string => files().find((path) => readFileSync(path, 'utf8').includes(`"${id}"`)) ?? '';
		age(of('resp_old'), 31);
		age(of('resp_1'), 3);
		const bytes = statSync(of('resp_2')).size;
		const left = await sweep(folder, Date.now(), { retentionMs: 30 * DAY, totalBytes: bytes });
		expect(left).toBe(bytes);
		expect(files()).toEqual([of('resp_2')]);
	});

	it('a file that was left half-written goes after an hour', async () => {
		await filed(answer('resp_1'));
		const path = `${files()[0]}.1-1.tmp`;
		writeFileSync(path, 'half');
		const limits = { retentionMs: 30 * DAY, totalBytes: 1e9 };
		await sweep(folder, Date.now(), limits);
		expect(statSync(path).size).toBe(4);
		age(path, 1);
		await sweep(folder, Date.now(), limits);
		expect(() => statSync(path)).toThrow();
	});

	it('a folder that is not there yet is no fault', async () => {
		expect(await sweep(folder, Date.now(), { retentionMs: 1, totalBytes: 1 })).toBe(0);
	});
});
