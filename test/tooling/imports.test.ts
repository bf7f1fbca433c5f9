import { describe, expect, it } from 'vitest';
import { Project, repository } from './project.ts';

interface Report {
	summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

/** Cruises a project of the given files with this repository's rules. */
async function violations(files: { [path: string]: string }): Promise<string[]> {
	const project = new Project({ 'package.json': manifest, ...files });
	project.lendDependencies();
	const tool = `${repository}/node_modules/dependency-cruiser/bin/dependency-cruiser.mjs`;
	const rules = `${repository}/.dependency-cruiser.cjs`;
	const { stdout, stderr } = await project.run([tool, '--config', rules, '--output-type', 'json', 'src']);
	if (stdout === '') throw new Error(stderr);
	const report: Report = JSON.parse(stdout);
	const short = (path: string) => path.replace(/^.*node_modules\/([^/]+)\/.*$/, '$1');
	return report.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${short(to)}`).sort();
}

const manifest = JSON.stringify({
	name: 'fixture',
	type: 'module',
	dependencies: { zod: '*' },
	devDependencies: { vitest: '*' },
});
const leaf = 'export const x = 1;\n';
const uses = (...paths: string[]) =>
	paths.map((path, index) => `import * as m${index} from '${path}';\nvoid m${index};\n`).join('');

describe('import direction', () => {
	it('lets the layers of the architecture through', async () => {
		const found = await violations({
			'src/spec/index.ts': leaf,
			'src/lib/json.ts': uses('../spec/index.ts'),
			'src/dialects/shared/wire.ts': uses('../../lib/json.ts'),
			'src/dialects/one/request.ts': uses('../shared/wire.ts', '../../spec/index.ts'),
			'src/dialects/one/index.ts': uses('./request.ts'),
			'src/dialects/index.ts': uses('./one/index.ts'),
			'src/transport/index.ts': uses('zod', '../lib/json.ts'),
			'src/providers/index.ts': uses('../transport/index.ts', '../dialects/index.ts'),
			'src/router/index.ts': uses('../providers/index.ts'),
			'src/simulators/index.ts': uses('../lib/json.ts', '../spec/index.ts'),
			'src/engine/index.ts': uses('../router/index.ts', '../simulators/index.ts'),
			'src/server/index.ts': uses('../engine/index.ts'),
			'src/cli/main.ts': uses('../server/index.ts'),
			'src/router/plan.test.ts': uses('vitest', '../providers/registry.ts', '../simulators/index.ts'),
			'src/providers/registry.ts': leaf,
		});
		expect(found).toEqual([]);
	});

	it('stops imports against the direction, past a door, between siblings and in a circle', async () => {
		const found = await violations({
			'src/spec/index.ts': uses('../lib/json.ts'),
			'src/lib/json.ts': leaf,
			'src/dialects/one/index.ts': uses('../two/index.ts'),
			'src/dialects/two/index.ts': leaf,
			'src/dialects/two/request.ts': leaf,
			'src/dialects/index.ts': uses('./two/request.ts'),
			'src/transport/index.ts': leaf,
			'src/transport/pool.ts': leaf,
			'src/providers/index.ts': uses('../transport/pool.ts', '../router/index.ts'),
			'src/router/index.ts': uses('../engine/index.ts'),
			'src/engine/index.ts': uses('../server/index.ts', './a.ts'),
			'src/engine/a.ts': uses('./b.ts'),
			'src/engine/b.ts': uses('./a.ts'),
			'src/server/index.ts': leaf,
			'src/simulators/index.ts': uses('../dialects/two/index.ts'),
		});
		expect(found).toEqual([
			'direction-engine: src/engine/index.ts -> src/server/index.ts',
			'direction-providers: src/providers/index.ts -> src/router/index.ts',
			'direction-router: src/router/index.ts -> src/engine/index.ts',
			'direction-spec: src/spec/index.ts -> src/lib/json.ts',
			'door: src/providers/index.ts -> src/transport/pool.ts',
			'family-door: src/dialects/index.ts -> src/dialects/two/request.ts',
			'no-cycle: src/engine/a.ts -> src/engine/b.ts',
			'siblings: src/dialects/one/index.ts -> src/dialects/two/index.ts',
			'simulators-alone: src/simulators/index.ts -> src/dialects/two/index.ts',
		]);
	});

	it('stops development dependencies, undeclared packages, missing files and folders without a place', async () => {
		const found = await violations({
			'src/spec/index.ts': leaf,
			'src/lib/a.ts': uses('vitest'),
			'src/lib/b.ts': uses('fastify'),
			'src/lib/c.ts': uses('./absent.ts'),
			'src/misc/index.ts': uses('../spec/index.ts'),
			'src/engine/index.ts': uses('../misc/index.ts'),
			'src/lib/d.test.ts': uses('../engine/index.ts'),
		});
		expect(found).toEqual([
			'declared-dependency: src/lib/b.ts -> fastify',
			'direction-engine: src/engine/index.ts -> src/misc/index.ts',
			'direction-lib-tests: src/lib/d.test.ts -> src/engine/index.ts',
			'no-development-dependency: src/lib/a.ts -> vitest',
			'resolvable: src/lib/c.ts -> ./absent.ts',
			'unlisted-folder: src/misc/index.ts -> src/spec/index.ts',
		]);
	});

	it('counts imports of types like any other', async () => {
		const found = await violations({
			'src/spec/index.ts': "import type { x } from '../lib/json.ts';\nexport type Y = typeof x;\n",
			'src/lib/json.ts': leaf,
		});
		expect(found).toEqual(['direction-spec: src/spec/index.ts -> src/lib/json.ts']);
	});
});
