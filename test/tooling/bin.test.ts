import { expect, it } from 'vitest';
import { Project } from './project.ts';

function installed(range: string, files: { [path: string]: string } = {}): Project {
	const project = new Project({ 'package.json': JSON.stringify({ type: 'module', engines: { node: range } }), ...files });
	project.copy('bin');
	return project;
}

it('runs the built program with its arguments', async () => {
	const project = installed('>=18.0.0', { 'dist/cli.js': 'console.log(process.argv.slice(2).join()); process.exitCode = 3;' });
	expect(await project.run(['bin/relais.js', 'config', 'check'])).toEqual({ code: 3, stdout: 'config,check\n', stderr: '' });
});

it('says how to build a program that is not built', async () => {
	expect(await installed('>=18.0.0').run(['bin/relais.js'])).toEqual({
		code: 1,
		stdout: '',
		stderr: 'Relais is not built yet. Run "npm start", or "npm run build" first.\n',
	});
});

it('says which Node it needs', async () => {
	const { code, stderr } = await installed('^99.1.0').run(['bin/relais.js']);
	expect(code).toBe(1);
	expect(stderr).toMatch(
		/^Relais needs Node \^99\.1\.0; this is \d+\.\d+\.\d+\. Install Node 24, or run "npm start" in a clone\.\n$/,
	);
});
