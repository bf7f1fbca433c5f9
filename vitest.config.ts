import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
		exclude: ['test/soak/**', 'test/live/**'],
		testTimeout: 20_000,
		hookTimeout: 20_000,
		pool: 'forks',
		reporters: ['default', './scripts/test-reporter.ts'],
	},
});
