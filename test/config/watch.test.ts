import { mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LoadedConfig, loadConfig, needsRestart, watchConfig } from '../../src/config/index.ts';
import { temporaryFolder } from './loading.ts';

type Event = { port: number; token?: string } | { error: string };

/** Watches a folder's config; `next` waits for what the watcher says next. */
async function watched(folder: string, path?: string) {
	const options = { cwd: folder, env: {}, overrides: {}, discover: false, ...(path !== undefined && { path }) };
	const events: Event[] = [];
	const waiting: ((event: Event) => void)[] = [];
	const push = (event: Event): void => {
		const waiter = waiting.shift();
		if (waiter === undefined) events.push(event);
		else waiter(event);
	};
	const loaded = await loadConfig(options);
	const watcher = watchConfig(
		loaded,
		options,
		{
			onChange: ({ config }: LoadedConfig) =>
				push({ port: config.server.port, ...(config.adminToken !== undefined && { token: config.adminToken }) }),
			onError: (error) => push({ error: error.message }),
		},
		{ settleMs: 40, lookMs: 300 },
	);
	onTestFinished(() => watcher.close());
	return {
		watcher,
		events,
		next: () => new Promise<Event>((resolve) => (events.length > 0 ? resolve(events.shift() as Event) : waiting.push(resolve))),
	};
}

describe('a config that changes', () => {
	it('is loaded again when written, replaced, moved away and written anew, and when it appears first', async () => {
		const folder = temporaryFolder();
		const file = join(folder, 'relais.yaml');
		const first = await watched(folder);
		writeFileSync(file, 'server: { port: 1 }');
		expect(await first.next()).toEqual({ port: 1 });
		await first.watcher.close();

		const { next } = await watched(folder);
		writeFileSync(file, 'server: { port: 2 }');
		expect(await next()).toEqual({ port: 2 });
		for (const port of [3, 4]) {
			writeFileSync(`${file}.new`, `server: { port: ${port} }`);
			renameSync(`${file}.new`, file);
			expect(await next()).toEqual({ port });
		}
		renameSync(file, `${file}~`);
		writeFileSync(file, 'server: { port: 5 }');
		expect(await next()).toEqual({ port: 5 });
	});

	it('and is broken or deleted is reported; the old one stays until a sound one comes', async () => {
		const folder = temporaryFolder({ 'relais.yaml': 'server: { port: 1 }' });
		const file = join(folder, 'relais.yaml');
		const { next } = await watched(folder);
		writeFileSync(file, 'server: { prot: 2 }');
		expect(await next()).toEqual({ error: expect.stringContaining('relais.yaml:1:11 server.prot: unknown key') });
		unlinkSync(file);
		expect(await next()).toEqual({ error: expect.stringContaining('relais.yaml: does not exist') });
		writeFileSync(file, 'server: { port: 3 }');
		expect(await next()).toEqual({ port: 3 });
	});

	it('is loaded again when a secret file or .env changes, or a missing one appears', async () => {
		const folder = temporaryFolder({ 'relais.yaml': `server: { port: \${P:-1} }` });
		const { next } = await watched(folder);
		writeFileSync(join(folder, '.env'), 'P=2');
		expect(await next()).toEqual({ port: 2 });
		writeFileSync(join(folder, 'relais.yaml'), `server: { port: \${P:-1} }\nauth: { admin_token_file: secrets/token }`);
		expect(await next()).toEqual({ error: expect.stringContaining('does not exist') });
		mkdirSync(join(folder, 'secrets'));
		writeFileSync(join(folder, 'secrets', 'token'), '0123456789abcdef', { mode: 0o600 });
		expect(await next()).toEqual({ port: 2, token: '0123456789abcdef' });
		writeFileSync(join(folder, 'secrets', 'token'), 'fedcba9876543210', { mode: 0o600 });
		expect(await next()).toEqual({ port: 2, token: 'fedcba9876543210' });
	});

	it('behind a link that is turned to another folder is loaded again', async () => {
		const folder = temporaryFolder();
		for (const port of [1, 2]) {
			mkdirSync(join(folder, `v${port}`));
			writeFileSync(join(folder, `v${port}`, 'relais.yaml'), `server: { port: ${port} }`);
		}
		symlinkSync('v1', join(folder, 'current'));
		symlinkSync(join('current', 'relais.yaml'), join(folder, 'relais.yaml'));
		const { next } = await watched(folder);
		symlinkSync('v2', join(folder, 'new'));
		renameSync(join(folder, 'new'), join(folder, 'current'));
		expect(await next()).toEqual({ port: 2 });
	});

	it('in its comments or layout alone changes nothing', async () => {
		const folder = temporaryFolder({ 'relais.yaml': 'providers: [{ name: a, type: ollama }]' });
		const { watcher, events } = await watched(folder);
		writeFileSync(join(folder, 'relais.yaml'), '# moved down\n\nproviders:\n  - type: ollama\n    name: a\n');
		await watcher.reload();
		expect(events).toEqual([]);
	});

	it('is loaded again on demand, one load at a time, and a demand during a load sees the newest file', async () => {
		const folder = temporaryFolder({ 'relais.yaml': 'server: { port: 1 }' });
		const { watcher, events } = await watched(folder);
		writeFileSync(join(folder, 'relais.yaml'), 'server: { port: 2 }');
		const first = watcher.reload();
		writeFileSync(join(folder, 'relais.yaml'), 'server: { port: 3 }');
		await Promise.all([first, watcher.reload(), watcher.reload()]);
		expect(events.at(-1)).toEqual({ port: 3 });
		expect(events.length).toBeLessThanOrEqual(2);
	});

	it('says nothing once it is no longer watched', async () => {
		const folder = temporaryFolder({ 'relais.yaml': 'server: { port: 1 }' });
		const { watcher, events } = await watched(folder);
		writeFileSync(join(folder, 'relais.yaml'), 'server: { port: 2 }');
		const running = watcher.reload();
		await watcher.close();
		await Promise.all([running, watcher.reload()]);
		expect(events).toEqual([]);
	});
});

describe('what a reload cannot change', () => {
	it('is named', async () => {
		const load = async (yaml: string) =>
			(
				await loadConfig({
					cwd: temporaryFolder({ 'relais.yaml': yaml }),
					env: { RELAIS_DATA_DIR: '/d' },
					overrides: {},
					discover: false,
				})
			).config;
		const before = await load('server: { port: 1 }');
		expect(needsRestart(before, await load('server: { port: 1 }\nrouting: { retries: 5 }'))).toEqual([]);
		expect(needsRestart(before, await load('server: { port: 2, body_limit: 1mb }'))).toEqual([
			'server.port',
			'server.body_limit',
		]);
	});
});
