import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { Relais } from '../../src/engine/index.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { RequestRecord } from '../../src/router/index.ts';
import { createServer } from '../../src/server/index.ts';
import { createLogger } from '../../src/telemetry/log/index.ts';
import type { Transport } from '../../src/transport/index.ts';

/** Key that every test gateway accepts. */
export const TEST_KEY = 'rk-test-0123456789abcdef';

/** A running Relais, server and all, on a free port. */
export interface Gateway {
	url: string;
	relais: Relais;
	/** What became of each request, in the order they ended. */
	records: RequestRecord[];
	/** Resolves with the record of a request once it is over. */
	record(requestId: string): Promise<RequestRecord>;
	/** Stops the server as a signal would, with this long for requests under way. */
	stop(drainMs: number): Promise<void>;
	close(): Promise<void>;
}

/** How to start one. */
export interface GatewayOptions {
	/** Config as users write it; a key is added when it names none. */
	config: object;
	/** Variables to take providers from, as well as the config's. */
	env?: { [name: string]: string };
	stallLimitMs?: number;
	clock?: Clock;
	transport?: Transport;
	/** Address to listen on; default 127.0.0.1. */
	host?: string;
}

/** Starts Relais from a config, through the same loader the program uses. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
	const folder = mkdtempSync(join(tmpdir(), 'relais-test-'));
	const path = join(folder, 'relais.json');
	const keys = [{ name: 'test', key: TEST_KEY }];
	writeFileSync(path, JSON.stringify({ keys, data_dir: folder, simulate: 'never', ...options.config }));
	const { config } = await loadConfig({ path, cwd: folder, env: options.env ?? {}, overrides: { port: 0 }, discover: false });
	const records: RequestRecord[] = [];
	const relais = await Relais.create({
		config,
		logger: createLogger('silent'),
		...(options.clock && { clock: options.clock }),
		...(options.transport && { transport: options.transport }),
		onFinished: (record) => records.push(record),
	});
	const stall = options.stallLimitMs === undefined ? {} : { stallLimitMs: options.stallLimitMs };
	const server = createServer({ relais, ...stall });
	const url = await server.listen(options.host ?? '127.0.0.1', 0);
	const stop = (drainMs: number): Promise<void> => {
		stopped ??= server.close(drainMs);
		return stopped;
	};
	let stopped: Promise<void> | undefined;
	return {
		url,
		relais,
		records,
		async record(requestId) {
			const deadline = Date.now() + 5000;
			for (;;) {
				const found = records.find((record) => record.id === requestId);
				if (found !== undefined) return found;
				if (Date.now() > deadline) throw new Error(`request ${requestId} is not over`);
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		},
		stop,
		async close() {
			await stop(0);
			await relais.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Sends a JSON body to a surface of the gateway. */
export function post(
	gateway: Pick<Gateway, 'url'>,
	path: string,
	body: unknown,
	headers: { [name: string]: string } = {},
): Promise<Response> {
	return fetch(`${gateway.url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}`, ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
}
