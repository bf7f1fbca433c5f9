import { existsSync } from 'node:fs';
import { defineConfig } from 'tsdown';

/** The program, and the three doors of the library (`exports` in package.json). */
const entries = {
	cli: 'src/cli/main.ts',
	index: 'src/index.ts',
	spec: 'src/spec/index.ts',
	testing: 'src/testing/index.ts',
};

export default defineConfig({
	entry: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
	format: 'esm',
	platform: 'node',
	target: 'node22',
	outDir: 'dist',
	clean: true,
	dts: false,
	sourcemap: true,
	fixedExtension: false,
	logLevel: 'warn',
});
