import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
		exclude: ['test/soak/**', 'test/live/**'],
		testTimeout: 20_000,
		hookTimeout: 20_000,
		pool: 'forks',
		// Many tests wait on sockets: two files at a time even where there are but two cores.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		reporters: ['default', './scripts/test-reporter.ts'],
	},
});
