import { describe, expect, it } from 'vitest';
import { Project, repository } from './project.ts';

const providers = JSON.stringify({ providers: ['openai', 'groq', 'xai', 'together', 'gemini', 'voyage'].map((id) => ({ id })) });

async function check(files: { [path: string]: string }): Promise<{ code: number | null; lines: string[] }> {
	const project = new Project({
		'src/catalog/data/providers.json': providers,
		'src/dialects/openai-chat/index.ts': '',
		...files,
	});
	const { code, stderr } = await project.run([`${repository}/scripts/check-provider-names.js`, project.root]);
	return { code, lines: stderr.split('\n').filter((line) => line.startsWith('src/')) };
}

describe("vendors' names in shared code", () => {
	it('are found however they are written', async () => {
		const { code, lines } = await check({
			'src/router/capitals.ts': 'export const key = process.env.OPENAI_API_KEY;',
			'src/router/identifier.ts': 'export function myOpenAIClient() {}',
			'src/router/lonely.ts': "export const x = 'voyage';",
			'src/router/property.ts': 'export const x = { groq: 1 };',
			'src/router/regexp.ts': 'export const x = /^openai/;',
			'src/router/string.ts': "// a line above\nexport const x = 'openai';",
			'src/router/template.ts': `export const x = (a: string) => \`\${a} at OpenAI\`;`,
			'src/router/word.ts': "export const x = 'xai-grok';",
		});
		expect(code).toBe(1);
		expect(lines).toEqual([
			'src/router/capitals.ts:1: "OPENAI_API_KEY" names the vendor openai',
			'src/router/identifier.ts:1: "myOpenAIClient" names the vendor openai',
			'src/router/lonely.ts:1: "voyage" names the vendor voyage',
			'src/router/property.ts:1: "groq" names the vendor groq',
			'src/router/regexp.ts:1: "/^openai/" names the vendor openai',
			'src/router/string.ts:2: "openai" names the vendor openai',
			'src/router/template.ts:1: "at OpenAI" names the vendor openai',
			'src/router/word.ts:1: "xai-grok" names the vendor xai',
		]);
	});

	it('are not seen in comments, wire formats and ordinary words', async () => {
		const harmless = {
			'src/router/comment.ts': '// as openai does\n/* or groq */\nexport const x = 1;',
			'src/router/dialect.ts': "export const x = 'openai-chat'; export const openaiChat = 1;",
			'src/router/type.ts': "export const x = 'openai-compatible';",
			'src/router/sentence.ts': "export const x = 'put together on a voyage';",
			'src/router/inside.ts': "export const x = 'taxaid'; export const fixair = 1;",
		};
		expect(await check(harmless)).toEqual({ code: 0, lines: [] });
	});

	it('are at home in their own folders and in tests', async () => {
		const code = "export const x = 'openai';";
		const homes = {
			'src/providers/openai/index.ts': code,
			'src/catalog/index.ts': code,
			'src/simulators/openai/index.ts': code,
			'src/dialects/openai-chat/usage.ts': code,
			'src/router/plan.test.ts': code,
		};
		expect(await check(homes)).toEqual({ code: 0, lines: [] });
	});

	it('may stand in the dialect that bears the name, but no other may', async () => {
		const { lines } = await check({ 'src/dialects/openai-chat/usage.ts': "export const x = ['openai', 'xai', 'x_groq'];" });
		expect(lines).toEqual(['src/dialects/openai-chat/usage.ts:1: "xai" names the vendor xai']);
	});

	it('may stand for a wire format of the same name among wire formats, not elsewhere', async () => {
		const code = "export const x = 'gemini';";
		const { lines } = await check({ 'src/dialects/openai-chat/signature.ts': code, 'src/router/plan.ts': code });
		expect(lines).toEqual(['src/router/plan.ts:1: "gemini" names the vendor gemini']);
	});

	it('may stand in headers of a wire format, in its surface', async () => {
		const { lines } = await check({ 'src/server/surfaces/a.ts': "export const x = ['openai-organization', 'openai-secret'];" });
		expect(lines).toEqual(['src/server/surfaces/a.ts:1: "openai-secret" names the vendor openai']);
	});

	it('are never taken for absent because the list of them is', async () => {
		const project = new Project({ 'src/router/plan.ts': '' });
		const { code, stderr } = await project.run([`${repository}/scripts/check-provider-names.js`, project.root]);
		expect(code).not.toBe(0);
		expect(stderr).toContain('names no vendors');
	});
});
