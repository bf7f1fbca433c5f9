import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { outcome, Project } from './project.ts';

/** In place of npm: notes how it was called and leaves behind what npm would, or fails as FAKE_NPM says. */
const NPM = `
const fs = require('node:fs');
const args = process.argv.slice(2);
const root = ROOT;
fs.appendFileSync(root + '/npm.log', args.join(' ') + '\\n');
console.error('npm warn something is old');
if (process.env.FAKE_NPM === 'fail') {
	console.error('npm error code ENOTFOUND\\nnpm error network request to the registry failed');
	process.exit(1);
}
const write = (path, text) => { fs.mkdirSync(require('node:path').dirname(path), { recursive: true }); fs.writeFileSync(path, text); };
if (args[0] === 'ci') {
	const parent = process.ppid;
	if (process.env.FAKE_NPM === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
	if (process.ppid !== parent) process.exit(1);
	fs.rmSync(root + '/node_modules', { recursive: true, force: true });
	write(root + '/node_modules/.package-lock.json', '{"packages":{}}');
	write(root + '/node_modules/tsdown/package.json', '{"bin":{"tsdown":"run.mjs"}}');
	write(root + '/node_modules/tsdown/run.mjs', 'import fs from "node:fs"; fs.appendFileSync("build.log", "built\\\\n"); '
		+ 'if (fs.readFileSync("src/a.ts", "utf8") === "broken") { console.log("a.ts is broken"); process.exit(1); } '
		+ 'fs.mkdirSync("dist", { recursive: true }); fs.writeFileSync("dist/cli.js", "");');
} else {
	const name = args.at(-1).split('@')[0];
	const home = args[args.indexOf('--prefix') + 1] + '/node_modules/' + name;
	write(home + '/package.json', '{"version":"99.1.0","bin":{"node":"bin/node"}}');
	write(home + '/bin/node', '#!/bin/sh\\nif [ "$1" = --version ]; then echo v99.1.0; else exec ' + process.execPath + ' "$@"; fi\\n');
	fs.chmodSync(home + '/bin/node', 0o755);
}
`;

/** In place of the program: says what it was given, or waits for signals. */
const PROGRAM = `
if (process.argv.includes('--exit')) process.exitCode = 7;
if (process.argv.includes('--wait')) {
	const timer = setInterval(() => {}, 1000);
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
		console.log('got ' + signal);
		setTimeout(() => clearInterval(timer), 150);
		process.exitCode = 9;
	});
}
console.log(JSON.stringify(process.argv.slice(2)));
`;

class Clone extends Project {
	constructor(engines = '>=18.0.0') {
		super({
			'package.json': JSON.stringify({
				name: 'clone',
				type: 'module',
				engines: { node: engines },
				dependencies: { a: '^1.0.0' },
			}),
			'package-lock.json': '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
			'tsdown.config.ts': '',
			'src/a.ts': '',
			'src/deep/b.ts': '',
			'src/deep/b.test.ts': '',
		});
		this.copy('scripts/prepare.js', 'scripts/prepare', 'bin/node-version.js');
		this.write('bin/relais.js', PROGRAM);
		this.write('fake/npm-cli.cjs', NPM.replace('ROOT', JSON.stringify(this.root)));
	}

	prepare(args: string[], env: NodeJS.ProcessEnv = {}) {
		return outcome(this.begin(args, env));
	}

	begin(args: string[], env: NodeJS.ProcessEnv = {}) {
		return this.start(['scripts/prepare.js', ...args], { npm_execpath: this.path('fake/npm-cli.cjs'), ...env });
	}

	log(name: 'npm' | 'build'): string[] {
		return existsSync(this.path(`${name}.log`))
			? readFileSync(this.path(`${name}.log`), 'utf8')
					.trim()
					.split('\n')
			: [];
	}
}

const TWO_LINES = 'Relais: installing dependencies (first run, about 20 s)...\nRelais: building...\n';

describe('the first start of a clone', () => {
	it('installs and builds with a line for each, then runs the program with its arguments', async () => {
		const clone = new Clone();
		expect(await clone.prepare(['serve', '--port', '4243'])).toEqual({
			code: 0,
			stdout: '["serve","--port","4243"]\n',
			stderr: TWO_LINES,
		});
		expect(clone.log('npm')).toEqual(['ci --include=dev --no-audit --no-fund']);
	});

	it('shows what npm said when the installation fails, and what to do', async () => {
		const { code, stdout, stderr } = await new Clone().prepare(['serve'], { FAKE_NPM: 'fail' });
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toContain('npm error network request to the registry failed\n');
		expect(stderr).toContain('Check the network');
		expect(stderr).not.toContain('npm warn');
	});

	it('installs once when two start at the same time', async () => {
		const clone = new Clone();
		const [first, second] = await Promise.all(['a', 'b'].map((name) => clone.prepare(['serve', name], { FAKE_NPM: 'slow' })));
		expect([first?.code, second?.code]).toEqual([0, 0]);
		expect([clone.log('npm').length, clone.log('build').length]).toEqual([1, 1]);
		expect(`${first?.stderr}${second?.stderr}`).toContain('another process is installing the dependencies');
	});

	it('is not held up by a start that was killed', async () => {
		const clone = new Clone();
		const killed = clone.begin(['serve'], { FAKE_NPM: 'slow' });
		const ended = outcome(killed);
		while (!existsSync(clone.path('npm.log'))) await sleep(10);
		killed.kill('SIGKILL');
		await ended;
		expect((await clone.prepare(['serve'])).code).toBe(0);
	});

	it('can be stopped while it installs, and the next start begins at once', async () => {
		const clone = new Clone();
		const child = clone.begin(['serve'], { FAKE_NPM: 'slow' });
		const ended = outcome(child);
		while (!existsSync(clone.path('npm.log'))) await sleep(10);
		child.kill('SIGINT');
		expect(await ended).toMatchObject({ code: 130, stdout: '' });
		const { code, stderr } = await clone.prepare(['serve']);
		expect({ code, stderr }).toEqual({ code: 0, stderr: TWO_LINES });
	});

	it('takes dependencies that were installed by hand', async () => {
		const clone = new Clone();
		clone.write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
		const { stderr } = await clone.prepare(['catalog-import']);
		expect(stderr).not.toContain('installing');
		expect(clone.log('npm')).toEqual([]);
	});

	it('installs over a hand-made installation of something else', async () => {
		const clone = new Clone();
		clone.write('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"0.9.0"}}}');
		expect((await clone.prepare(['serve'])).stderr).toContain('Relais: updating dependencies...\n');
	});
});

describe('a later start', () => {
	async function started(): Promise<Clone> {
		const clone = new Clone();
		await clone.prepare(['serve']);
		return clone;
	}

	it('is silent when nothing has changed', async () => {
		const clone = await started();
		expect(await clone.prepare(['serve'])).toEqual({ code: 0, stdout: '["serve"]\n', stderr: '' });
	});

	it('builds again after a source changed, and only then', async () => {
		const clone = await started();
		utimesSync(clone.path('src/deep/b.ts'), 1, 1);
		expect((await clone.prepare(['serve'])).stderr).toBe('Relais: building...\n');
		utimesSync(clone.path('src/deep/b.test.ts'), 1, 1);
		expect((await clone.prepare(['serve'])).stderr).toBe('');
	});

	it('does not run a program older than its broken sources', async () => {
		const clone = await started();
		clone.write('src/a.ts', 'broken');
		const first = await clone.prepare(['serve']);
		expect(first).toMatchObject({ code: 1, stdout: '' });
		expect(first.stderr).toContain('a.ts is broken\nThe build failed.');
		expect((await clone.prepare(['serve'])).code).toBe(1);
	});

	it('installs again after the lock file changed', async () => {
		const clone = await started();
		clone.write('package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.1"}}}');
		expect((await clone.prepare(['serve'])).stderr).toContain('Relais: updating dependencies...\n');
		expect(clone.log('npm')).toHaveLength(2);
	});

	it('leaves the dependencies alone when package.json changed elsewhere', async () => {
		const clone = await started();
		const manifest = JSON.parse(readFileSync(clone.path('package.json'), 'utf8'));
		clone.write('package.json', JSON.stringify({ ...manifest, scripts: { a: 'b' } }));
		await clone.prepare(['serve']);
		expect(clone.log('npm')).toHaveLength(1);
	});

	it('runs another command of the program when one is named', async () => {
		const clone = await started();
		expect((await clone.prepare(['serve', 'simulate', '--port', '1'])).stdout).toBe('["simulate","--port","1"]\n');
		expect((await clone.prepare(['serve', '--help'])).stdout).toBe('["--help"]\n');
	});

	it("passes the program's exit code on", async () => {
		const clone = await started();
		expect((await clone.prepare(['serve', '--exit'])).code).toBe(7);
	});

	it('names the tasks when it does not know one', async () => {
		const { code, stderr } = await new Clone().prepare(['frobnicate']);
		expect({ code, stderr }).toEqual({
			code: 1,
			stderr: 'There is no task "frobnicate". The tasks are: serve, test, bench, build, test-live, catalog-import, exec.\n',
		});
	});
});

describe('a Node that is too old', () => {
	it('is replaced by one from npm, in one line, once', async () => {
		const clone = new Clone('^99.0.0');
		const first = await clone.prepare(['serve', '--port', '1']);
		expect(first).toMatchObject({ code: 0, stdout: '["serve","--port","1"]\n' });
		expect(first.stderr.split('\n')[0]).toMatch(
			/^Relais: fetching Node 24 into .*\.runtime \(this Node, .* is too old; once, about 10 s\)\.\.\.$/,
		);
		expect(clone.log('npm')[0]).toMatch(/^install --prefix .*\.runtime .* node(-bin)?-[a-z]+-[a-z0-9]+@\^24\.15\.0$/);
		expect(await clone.prepare(['serve'])).toEqual({ code: 0, stdout: '["serve"]\n', stderr: '' });
	});

	it('passes the exit code on through the other Node', async () => {
		expect((await new Clone('^99.0.0').prepare(['serve', '--exit'])).code).toBe(7);
	});

	it('says what to install when there is no network', async () => {
		const { code, stderr } = await new Clone('^99.0.0').prepare(['serve'], { FAKE_NPM: 'fail' });
		expect(code).toBe(1);
		expect(stderr).toContain('Relais needs Node ^99.0.0; this is ');
		expect(stderr).toContain('install Node 24 from https://nodejs.org/');
	});
});

describe.each([
	['this Node', '>=18.0.0'],
	['a fetched Node', '^99.0.0'],
])('signals under %s', (_, engines) => {
	it.each(['SIGINT', 'SIGTERM'] as const)('%s reaches the program once, however often it is repeated at once', async (signal) => {
		const clone = new Clone(engines);
		const child = clone.begin(['serve', '--wait']);
		const ended = outcome(child);
		await new Promise((resolve) => child.stdout?.once('data', resolve));
		child.kill(signal);
		child.kill(signal);
		const { code, stdout } = await ended;
		expect(stdout).toBe(`["serve","--wait"]\ngot ${signal}\n`);
		expect(code).toBe(9);
	});
});

it('stops the program when the shell that npm put in between is gone', async () => {
	const clone = new Clone();
	const shell = `const { spawn } = require('node:child_process');
		const child = spawn(process.execPath, ['scripts/prepare.js', 'serve', '--wait'], { stdio: 'inherit' });
		setInterval(() => {}, 1000);`;
	const child = clone.start(['--eval', shell], { npm_execpath: clone.path('fake/npm-cli.cjs'), npm_lifecycle_event: 'start' });
	const ended = outcome(child);
	await new Promise((resolve) => child.stdout?.once('data', resolve));
	child.kill('SIGTERM');
	expect((await ended).stdout).toBe('["serve","--wait"]\ngot SIGTERM\n');
});
