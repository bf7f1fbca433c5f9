import {
	type Alias,
	type Document,
	isAlias,
	isMap,
	isNode,
	isPair,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	type Pair,
	parseDocument,
	type Scalar,
	visit,
} from 'yaml';
import { deeperThan } from '../lib/json.ts';
import type { JsonValue } from '../spec/index.ts';
import { type ConfigPath, type ConfigProblem, formatPath } from './problems.ts';
import { hideReferences, substitute } from './substitute.ts';

/** Deeper than any config needs to be. */
const MAX_DEPTH = 32;

/** How often a text may be repeated through YAML's aliases: enough for any config, too little to fill the memory. */
const MAX_ALIASES = 100;

/** Place in a file, counted from 1. */
export interface Position {
	line: number;
	column: number;
}

/** A config file that has been read: its value with variables put in, and where each part of it stands. */
export interface ConfigDocument {
	/** Null when the file is empty or cannot be understood at all. */
	value: JsonValue;
	problems: ConfigProblem[];
	/** Variables the file takes values from. */
	variables: Set<string>;
	/** Paths whose value is missing because of a problem already reported. */
	broken: Set<string>;
	/** Paths whose text came from a variable, wholly or in part. */
	substituted: Set<string>;
	/** Position of a value (or of its key), or of the nearest part around it that is there. */
	locate(path: ConfigPath, what?: 'key' | 'value'): Position;
}

const TWICE = 'this key is given twice';

/** What YAML's own error codes mean to somebody who wrote a config. The parser's messages are not shown: they may quote secrets. */
const SYNTAX: { readonly [code: string]: string } = {
	ALIAS_PROPS: 'an alias takes neither anchor nor tag',
	BAD_ALIAS: 'an alias that is not well formed: put a text beginning with "*" or "&" in quotes',
	BAD_DQ_ESCAPE: 'an escape that double quotes do not know: use single quotes',
	BAD_INDENT: 'the indentation is off, or a bracket or brace is not closed',
	BAD_SCALAR_START: 'a text that begins with a reserved character must be in quotes',
	BLOCK_AS_IMPLICIT_KEY: 'a nested mapping on one line: begin a new line after the colon, or put the text in quotes',
	BLOCK_IN_FLOW: 'an indented block inside [...] or {...}',
	DUPLICATE_KEY: TWICE,
	KEY_OVER_1024_CHARS: 'a key is too long: is a colon missing?',
	MISSING_CHAR: 'something is missing here: a comma, a colon, a space after a colon, or a closing quote, bracket or brace',
	MULTILINE_IMPLICIT_KEY: 'a key goes over several lines: is a colon or a quote missing?',
	MULTIPLE_ANCHORS: 'more than one anchor',
	MULTIPLE_DOCS: 'a second document begins here: a config is one document, without "---" inside',
	MULTIPLE_TAGS: 'more than one tag',
	NON_STRING_KEY: 'keys must be plain texts',
	RESOURCE_EXHAUSTION: 'it nests too deeply',
	TAB_AS_INDENT: 'tabs cannot indent YAML: use spaces',
	TAG_RESOLVE_FAILED: 'tags ("!name") have no meaning here: put a text beginning with "!" in quotes',
	UNEXPECTED_TOKEN: 'something stands where it cannot: check quotes, colons and brackets on this line and before',
};

/**
 * Reads YAML or JSON (which YAML includes) and puts variables into its texts.
 * @param lookup value of a variable; undefined: not set
 */
export function readDocument(text: string, lookup: (name: string) => string | undefined): ConfigDocument {
	const lines = new LineCounter();
	const { hidden, reveal } = hideReferences(text);
	const document = parseDocument(hidden, {
		lineCounter: lines,
		prettyErrors: false,
		merge: true,
		stringKeys: true,
		schema: 'core',
		resolveKnownTags: false,
		logLevel: 'error',
	});
	const at = (offset: number): Position => {
		const { line, col } = lines.linePos(offset);
		return { line: Math.max(line, 1), column: Math.max(col, 1) };
	};
	const result: ConfigDocument = {
		value: null,
		problems: syntaxProblems(document, at),
		variables: new Set(),
		broken: new Set(),
		substituted: new Set(),
		locate: (path, what = 'value') => at(offsetOf(document, path, what)),
	};
	if (result.problems.some((problem) => problem.message !== TWICE)) return result;
	fillVariables(document, { lookup, reveal, result, at });
	readValue(document, result, at);
	return result;
}

/** The first mistake in the syntax (one makes many) and every key that is given twice. */
function syntaxProblems(document: Document.Parsed, at: (offset: number) => Position): ConfigProblem[] {
	const found = [...document.errors, ...document.warnings.filter((warning) => warning.code === 'TAG_RESOLVE_FAILED')];
	const twice = found.filter((error) => error.code === 'DUPLICATE_KEY');
	const syntax = found.filter((error) => error.code !== 'DUPLICATE_KEY').slice(0, 1);
	return [
		...syntax.map((error) => ({
			path: '',
			...at(error.pos[0]),
			message: `not valid YAML: ${SYNTAX[error.code] ?? 'it cannot be read from here on'}`,
		})),
		...twice.map((error) => ({ path: '', ...at(error.pos[0]), message: TWICE, cure: 'Keep one of the two.' })),
	];
}

interface Filling {
	lookup: (name: string) => string | undefined;
	reveal: (part: string) => string;
	result: ConfigDocument;
	at: (offset: number) => Position;
}

function fillVariables(document: Document.Parsed, filling: Filling): void {
	visit(document, {
		Scalar(key, node, ancestors) {
			if (typeof node.value !== 'string') return;
			const text = filling.reveal(node.value);
			if (key === 'key') node.value = text;
			else if (text.includes('$')) fillScalar(node, text, pathOf(node, ancestors), filling);
		},
	});
}

function fillScalar(node: Scalar, text: string, path: ConfigPath, { lookup, result, at }: Filling): void {
	const filled = substitute(text, lookup);
	// An empty variable counts as not given, so that `${KEY:-}` makes a setting optional.
	node.value = filled.text === '' ? null : filled.text;
	for (const name of filled.used) result.variables.add(name);
	const place = { path: formatPath(path), ...at(node.range?.[0] ?? 0) };
	if (filled.used.length > 0) result.substituted.add(place.path);
	for (const name of filled.missing) {
		result.problems.push({
			...place,
			message: `the variable ${name} is not set`,
			cure: `Set it in the environment or in .env, or write \${${name}:-default}.`,
		});
	}
	for (const what of filled.malformed) {
		result.problems.push({ ...place, message: what, cure: `Write \${NAME} or \${NAME:-default}; a "$" itself is "$$".` });
	}
	if (filled.missing.length + filled.malformed.length > 0) {
		node.value = null;
		result.broken.add(place.path);
	}
}

/** Path of a scalar, from the nodes around it. */
function pathOf(node: Node, ancestors: readonly unknown[]): ConfigPath {
	const path: (string | number)[] = [];
	for (const [index, ancestor] of ancestors.entries()) {
		const child = ancestors[index + 1] ?? node;
		if (isPair(ancestor) && isScalar(ancestor.key)) path.push(String(ancestor.key.value));
		else if (isSeq(ancestor)) path.push(ancestor.items.indexOf(child));
	}
	return path;
}

function readValue(document: Document.Parsed, result: ConfigDocument, at: (offset: number) => Position): void {
	const bad = (message: string, offset: number): void => {
		result.problems.push({ path: '', ...at(offset), message: `not valid YAML: ${message}` });
	};
	visit(document, {
		Alias(_, node) {
			if (node.resolve(document) === undefined)
				bad('an alias ("*name") without its anchor: put a text beginning with "*" in quotes', node.range?.[0] ?? 0);
		},
	});
	if (result.problems.some((problem) => problem.message.startsWith('not valid YAML'))) return;
	try {
		const value = document.toJS({ maxAliasCount: MAX_ALIASES }) as JsonValue;
		if (deeperThan(value, MAX_DEPTH)) bad(`it nests deeper than ${MAX_DEPTH} levels`, 0);
		else result.value = value;
	} catch (error) {
		bad(error instanceof ReferenceError ? 'its aliases repeat too much' : 'it nests too deeply', 0);
	}
}

/** Offset of what stands at a path, or of the nearest part around it. */
function offsetOf(document: Document.Parsed, path: ConfigPath, what: 'key' | 'value'): number {
	let node: Node | null = document.contents;
	let offset = node?.range?.[0] ?? 0;
	for (const [index, part] of path.entries()) {
		const step = stepInto(document, node, part);
		if (step === undefined) break;
		const last = index === path.length - 1;
		node = step.value;
		const keyOffset = step.key?.range?.[0];
		offset = (last && what === 'key' ? keyOffset : undefined) ?? node?.range?.[0] ?? keyOffset ?? offset;
	}
	return offset;
}

interface Step {
	key?: Node | undefined;
	value: Node | null;
}

function stepInto(document: Document.Parsed, node: Node | null, part: string | number): Step | undefined {
	const inside: unknown = isAlias(node) ? (node as Alias).resolve(document) : node;
	if (isSeq(inside) && typeof part === 'number') {
		const item = inside.items[part];
		return isNode(item) ? { value: item } : undefined;
	}
	if (!isMap(inside)) return undefined;
	const pair = inside.items.find((item: Pair) => isScalar(item.key) && item.key.value === part);
	if (pair === undefined) return undefined;
	return { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : null };
}
