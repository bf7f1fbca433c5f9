import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Project, repository } from './project.ts';

async function check(path: string, text: string): Promise<string[]> {
	const project = new Project({ [path]: text, 'docs/shared/a.md': '' });
	execFileSync('git', ['init', '--quiet'], { cwd: project.root });
	const { code, stderr } = await project.run([`${repository}/scripts/check-texts.js`, project.root]);
	const lines = stderr.split('\n').filter((line) => /^\S+:\d+: /.test(line));
	expect(code).toBe(lines.length > 0 ? 1 : 0);
	return lines.map((line) => line.split(': ')[1] ?? '');
}

describe('texts that must not be in the repository', () => {
	it.each([
		['package-lock.json', '{ "resolved": "https://registry.example/a.tgz" }', 'the lock file names a registry'],
		['src/a.ts', "read('../../shared/wire');", 'the product refers to a folder outside the repository'],
		['README.md', 'see ../shared/wire', 'the product refers to a folder outside the repository'],
		['docs/en/a.md', 'see /home/me/relais', "a path of one person's machine"],
		['src/a.ts', "const x = '/root/relais';", "a path of one person's machine"],
		['CONTRIBUTING.md', '<<<<<<< HEAD', 'a conflict marker'],
		['src/a.ts', 'function f(x: any) {}', 'the type any'],
		['src/a.ts', 'const y = x as any;', 'the type any'],
		['src/a.ts', 'const y: Map<any, string> = x;', 'the type any'],
		['src/a.ts', '// @ts-ignore', 'a way around the checks'],
		['test/a.ts', '// biome-ignore lint: so', 'a way around the checks'],
		['src/a.test.ts', "it.only('works', () => {});", 'a test that switches the others off'],
		['src/a.test.ts', "it.skip('works', () => {});", 'a test switched off without a reason'],
		['src/a.test.ts', 'context.skip();', 'a test switched off without a reason'],
	])('%s: %s', async (path, text, expected) => {
		expect(await check(path, `first line\n${text}\n`)).toEqual([expected]);
	});

	it.each([
		['src/a.ts', "// takes any number: any will do\nconst x = 'as any other';"],
		['src/a.ts', 'const y = many as anything;'],
		['docs/en/a.md', 'the folder /etc/relais, and shared/a.md, and any: thing'],
		['docs/en/b.md', 'see ../shared/a.md'],
		['src/a.test.ts', "it.skip('works: no PostgreSQL here', () => {});"],
		['src/a.test.ts', "read('../../shared/wire');"],
		['README.md', 'Heading\n=======\n\nText'],
	])('lets pass in %s: %s', async (path, text) => {
		expect(await check(path, text)).toEqual([]);
	});
});
