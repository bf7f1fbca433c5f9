import { expect, it } from 'vitest';
import { Project, repository } from './project.ts';

/** Runs test files under the reporter alone and gives back what it printed. */
async function report(files: { [path: string]: string }, ...args: string[]): Promise<string[]> {
	const project = new Project({ 'package.json': '{"type":"module"}', ...files });
	project.lendDependencies();
	const reporter = `--reporter=${repository}/scripts/test-reporter.ts`;
	const vitest = `${repository}/node_modules/vitest/vitest.mjs`;
	const { stdout } = await project.run([vitest, 'run', '--root', project.root, reporter, ...args]);
	return stdout.trim().split('\n');
}

const head = "import { describe, expect, it } from 'vitest';\n";

it('ends the run with the numbers, and names what was skipped once, with its reason', async () => {
	const lines = await report({
		'a.test.ts': `${head}
			it('passes', () => {});
			it('fails', () => expect(1).toBe(2));
			it('is skipped inside', (context) => context.skip('no PostgreSQL here'));
			describe.skip('recorded traffic (skipped: no recordings here)', () => {
				it('one', () => {});
				describe('deeper', () => it('two', () => {}));
			});`,
		'b.test.ts': "import './absent.ts';",
	});
	expect(lines).toEqual([
		'Skipped:',
		'  a.test.ts: is skipped inside (no PostgreSQL here)',
		'  a.test.ts: recorded traffic (skipped: no recordings here) [2 tests]',
		'1 passed, 2 failed',
	]);
});

it('counts an error outside any test as a failure', async () => {
	const late =
		"it('passes', async () => { setTimeout(() => { throw new Error('late'); }, 1); await new Promise((r) => setTimeout(r, 50)); });";
	expect(await report({ 'a.test.ts': `${head}${late}` })).toEqual(['1 passed, 1 failed']);
});

it('does not list tests that a name filter leaves out', async () => {
	const files = { 'a.test.ts': `${head}it('one', () => {}); it('two', () => {});` };
	expect(await report(files, '--testNamePattern', 'one')).toEqual(['1 passed, 0 failed']);
});
