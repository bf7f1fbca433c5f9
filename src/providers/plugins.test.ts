import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRelaisError } from '../spec/index.ts';
import { loadPlugin } from './plugins.ts';

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'relais-plugin-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Loads a module with the given text, each under a name of its own. */
function load(text: string, name = `plugin ${count++}.mjs`) {
	const path = join(folder, name);
	writeFileSync(path, text);
	return loadPlugin(path);
}

async function refusal(text: string): Promise<string> {
	const error: unknown = await load(text).then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!isRelaisError(error)) throw new Error(`not refused: ${String(error)}`);
	expect(error.code).toBe('config_invalid');
	expect(error.message).toContain(folder);
	return error.message;
}

const TYPE = `{ type: 'own', title: 'Own', create() {} }`;

describe('a plug-in module', () => {
	it('gives the type it exports', async () => {
		expect(await load(`export default ${TYPE};`)).toMatchObject([{ type: 'own', title: 'Own' }]);
	});

	it('may export several', async () => {
		const types = await load(`export default [${TYPE}, { ...${TYPE}, type: 'second' }];`);
		expect(types.map((type) => type.type)).toEqual(['own', 'second']);
	});

	it('may be a class instance, whose create is on its prototype', async () => {
		const [type] = await load(
			`class T { type = 'own'; title = 'Own'; create() { return this.title; } }\nexport default new T();`,
		);
		expect(type?.type).toBe('own');
	});

	it('may be TypeScript, as the example is', async () => {
		const path = fileURLToPath(new URL('../../examples/provider-module/echo.ts', import.meta.url));
		expect((await loadPlugin(path)).map((type) => type.type)).toEqual(['echo']);
	});

	it.each([
		['nothing', ''],
		['no default', `export const provider = ${TYPE};`],
		['a text', `export default 'own';`],
		['null', 'export default null;'],
		['an empty list', 'export default [];'],
		['a list with something else', `export default [${TYPE}, 1];`],
		['a type without a name', `export default { ...${TYPE}, type: '' };`],
		['a name that is a number', `export default { ...${TYPE}, type: 1 };`],
		['no title', `export default { ...${TYPE}, title: undefined };`],
		['no create', `export default { type: 'own', title: 'Own' };`],
		['a function', 'export default () => {};'],
	])('that exports %s is told what is wanted', async (_, text) => {
		expect(await refusal(text)).toMatch(/must export as default a provider type: \{ type: string, title: string, create/);
	});

	it.each([
		['throws', `throw new Error('no licence');`, /cannot be loaded: no licence/],
		['throws a text', `throw 'a text';`, /cannot be loaded: a text/],
		['is not JavaScript', 'export default {', /cannot be loaded: /],
		['imports what is not there', `import './missing.mjs';`, /cannot be loaded: .*missing\.mjs/],
	])('that %s is named with the reason', async (_, text, message) => {
		expect(await refusal(text)).toMatch(message);
	});

	it('that is not there is named', async () => {
		await expect(loadPlugin(join(folder, 'nowhere.mjs'))).rejects.toThrow(/nowhere\.mjs cannot be loaded/);
	});
});
