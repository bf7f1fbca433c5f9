import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Project, repository } from './project.ts';

const script = `${repository}/scripts/complete-lock.js`;
const tool = {
	version: '1.0.0',
	dev: true,
	optionalDependencies: { 'tool-darwin-arm64': '1.0.0', 'tool-linux-x64-musl': '1.0.0' },
};

function project(packages: object): Project {
	return new Project({ 'package.json': '{\n\t"name": "a"\n}\n', 'package-lock.json': JSON.stringify({ packages }) });
}

describe('completing the lock file', () => {
	it("adds other machines' programs, and then is content", async () => {
		const made = project({ 'node_modules/tool': tool });
		expect(await made.run([script, made.root, '--check'])).toMatchObject({ code: 1 });
		await made.run([script, made.root]);
		expect(await made.run([script, made.root, '--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
		const text = readFileSync(made.path('package-lock.json'), 'utf8');
		expect(text).toContain('\n\t"packages"');
		expect(JSON.parse(text).packages).toEqual({
			'node_modules/tool': tool,
			'node_modules/tool-darwin-arm64': { version: '1.0.0', cpu: ['arm64'], dev: true, optional: true, os: ['darwin'] },
			'node_modules/tool-linux-x64-musl': {
				version: '1.0.0',
				cpu: ['x64'],
				dev: true,
				libc: ['musl'],
				optional: true,
				os: ['linux'],
			},
		});
	});

	it('finds a package where Node would: beside its parent or further up', async () => {
		const deep = { version: '1.0.0', optionalDependencies: { near: '1.0.0', up: '1.0.0', top: '1.0.0' } };
		const made = project({
			'node_modules/a/node_modules/tool': deep,
			'node_modules/a/node_modules/tool/node_modules/near': {},
			'node_modules/a/node_modules/up': {},
			'node_modules/top': {},
		});
		expect(await made.run([script, made.root, '--check'])).toMatchObject({ code: 0 });
	});

	it('refuses to guess for a package that is not for one machine', async () => {
		const made = project({ 'node_modules/tool': { version: '1.0.0', optionalDependencies: { extra: '1.0.0' } } });
		const { code, stderr } = await made.run([script, made.root]);
		expect(code).toBe(1);
		expect(stderr).toContain('extra@1.0.0, wanted by node_modules/tool, is not a package for one machine');
	});
});
