// @ts-check
/**
 * Fails where shared code knows a vendor by name. Vendors live in `src/providers/<name>/`, in the catalog and in the simulators; a
 * dialect may name the vendor it is called after. Everything else asks the provider's descriptor. Names of dialects
 * (`openai-chat`) are names of wire formats and may stand anywhere. Comments and tests do not count.
 *
 *     node scripts/check-provider-names.js [folder of the project]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

/** Where vendors are at home. */
const HOMES = [/^src\/providers\/[^/]+\//, /^src\/catalog\//, /^src\/simulators\//, /\.test\.ts$/];

/**
 * What shared code may say all the same, and why. `text`: the whole identifier or string.
 * @type {{ path: RegExp, text?: RegExp, why: string }[]}
 */
const ALLOWED = [
	{ path: /^src\/providers\/builtin\.ts$/, why: 'the one list of the vendors that have a folder' },
	{
		path: /^src\/server\/surfaces\//,
		text: /^(anthropic-(version|beta|dangerous-direct-browser-access|ratelimit-[a-z-]+)|openai-(organization|project|beta|version|processing-ms))$/,
		why: "headers that belong to a client's wire format",
	},
	{
		path: /^src\/dialects\/openai-chat\//,
		text: /^(x_groq|groq|anthropic-claude-v1|google-gemini-v1)$/,
		why: 'fields and tags of the wire format, named by those who extended it',
	},
	{
		path: /^src\/(dialects|server)\//,
		text: /embed|rerank|moderation|^openaiCompletions$/i,
		why: 'formats of tasks and of prompts are called after those whose form they are: many servers speak each',
	},
];

/** Wire formats that bear their vendor's very name: where formats are at home, the name means the format. */
const NAMED_LIKE_VENDORS = ['cohere', 'gemini', 'ollama', 'watsonx'];

/** Ids that are ordinary words: only a string that is nothing else counts. */
const ORDINARY = [
	'chutes',
	'fireworks',
	'hyperbolic',
	'inception',
	'meta',
	'perplexity',
	'replicate',
	'together',
	'venice',
	'voyage',
];
/** Ids whose whole-string form is ordinary too. */
const TOO_ORDINARY = ['meta', 'replicate', 'together'];

/** From this length on an id is looked for inside words too (`myOpenAIClient`). */
const UNMISTAKABLE = 6;

/** Folders of what several vendors have in common. */
const NO_VENDORS = ['shared', 'compatible'];

/** @param {string} folder */
function subfolders(folder) {
	if (!existsSync(folder)) return [];
	const entries = readdirSync(folder, { withFileTypes: true });
	return entries.filter((entry) => entry.isDirectory() && !NO_VENDORS.includes(entry.name)).map((entry) => entry.name);
}

/** @returns {string[]} catalog ids and the folders of vendors */
function vendorNames() {
	const file = join(root, 'src/catalog/data/providers.json');
	/** @type {{ id: string }[]} */
	const rows = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).providers : [];
	const ids = [...rows.map((row) => row.id), ...subfolders(join(root, 'src/providers'))];
	if (ids.length === 0) throw new Error(`${file} names no vendors: nothing to look for`);
	return [...new Set(ids)];
}

/**
 * The words of an identifier or text: `myOpenAIClient`, `MY_OPENAI_CLIENT` and `my openai client` alike.
 * @param {string} text
 */
function words(text) {
	const apart = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
	return apart
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(Boolean);
}

const dialects = subfolders(join(root, 'src/dialects'));
/** Names of wire formats: of dialects, and of the provider types that promise one and nothing else. */
const wireFormats = [
	...dialects.filter((name) => name.includes('-')),
	'openai-compatible',
	'openai-responses-compatible',
	'anthropic-compatible',
];
const wireTerms = wireFormats.map((name) => words(name).join(''));
const vendors = vendorNames().map((id) => ({ id, joined: words(id).join('') }));

/**
 * The vendor a piece of code names, if any.
 * @param {string} text an identifier or the content of a string
 * @returns {string | undefined} its id
 */
function vendorIn(text) {
	const parts = words(text);
	const whole = parts.join('');
	let joined = whole;
	for (const term of wireTerms) joined = joined.replaceAll(term, '');
	return vendors.find((vendor) => {
		if (TOO_ORDINARY.includes(vendor.id)) return false;
		if (ORDINARY.includes(vendor.id)) return whole === vendor.joined;
		if (vendor.joined.length >= UNMISTAKABLE) return joined.includes(vendor.joined);
		return parts.includes(vendor.joined);
	})?.id;
}

/**
 * @param {string} path relative to the project, with slashes
 * @param {string} text
 * @param {string} vendor
 */
function allowed(path, text, vendor) {
	if (HOMES.some((home) => home.test(path))) return true;
	const dialect = /^src\/dialects\/([^/]+)\//.exec(path)?.[1];
	if (dialect?.split('-').includes(vendor)) return true;
	if (NAMED_LIKE_VENDORS.includes(vendor) && /^src\/(dialects|server\/surfaces)\//.test(path)) return true;
	return ALLOWED.some((entry) => entry.path.test(path) && (!entry.text || entry.text.test(text)));
}

/**
 * @param {import('typescript').Node} node
 * @returns {string | undefined} what it says, for the kinds of node that can name something
 */
function spoken(node) {
	if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)) return node.text;
	if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isRegularExpressionLiteral(node)) return node.text;
	return undefined;
}

/**
 * @param {string} path relative to the project, with slashes
 * @returns {string[]} one line per vendor's name
 */
function findings(path) {
	const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, false);
	/** @type {string[]} */
	const lines = [];
	const visit = (/** @type {import('typescript').Node} */ node) => {
		const text = spoken(node);
		const vendor = text === undefined ? undefined : vendorIn(text);
		if (text !== undefined && vendor && !allowed(path, text, vendor)) {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
			lines.push(`${path}:${line + 1}: "${text.trim().slice(0, 60)}" names the vendor ${vendor}`);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return lines;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
	if (!existsSync(join(root, folder))) return [];
	const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
	return entries
		.filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
		.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();
}

const found = [...sourceFiles('src'), ...sourceFiles('bin')].flatMap(findings);
for (const line of found) console.error(line);
if (found.length > 0) {
	console.error(
		"\nShared code must not know vendors. Ask the provider's descriptor, or move the line into src/providers/<name>/ or the catalog;\n" +
			'if it belongs to a wire format, add it with its reason to ALLOWED in scripts/check-provider-names.js.',
	);
	process.exitCode = 1;
}
