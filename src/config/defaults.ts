import type { Timeouts } from '../spec/index.ts';
import type { RoutingConfig, ServerConfig } from './types.ts';

/** What applies where the config says nothing. Times in ms, sizes in bytes. */

export const DEFAULT_SERVER: Readonly<ServerConfig> = {
	host: '127.0.0.1',
	port: 4242,
	workers: 1,
	bodyLimit: 32 * 1024 * 1024,
	maxDepth: 128,
	requestTimeoutMs: 60_000,
	drainTimeoutMs: 30_000,
};

export const DEFAULT_TIMEOUTS: Readonly<Timeouts> = {
	connect: 5_000,
	headers: 30_000,
	answer: 300_000,
	firstToken: 30_000,
	idle: 30_000,
	total: 600_000,
};

export const DEFAULT_ROUTING: Readonly<RoutingConfig> = {
	strategy: 'priority',
	healthCheckIntervalMs: 30_000,
	failoverThreshold: 3,
	retries: 2,
	backoff: { baseMs: 500, maxMs: 8_000 },
	maxRetryAfterMs: 10_000,
};

export const DEFAULT_DATA_DIR = '.relais';

/** Names of a config file looked for in the working directory, in this order. */
export const CONFIG_FILES = ['relais.yaml', 'relais.yml', 'relais.json'] as const;

/** A config larger than this is a mistake: nothing written by hand comes near it. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

export const MAX_SECRET_BYTES = 64 * 1024;

/** Shorter keys can be guessed. */
export const MIN_KEY_LENGTH = 16;
