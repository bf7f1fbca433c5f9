/** What came of one text. `missing` names variables without a value; `malformed` holds what each faulty `${` has wrong. */
export interface Substitution {
	text: string;
	/** Variables that were given and used. */
	used: string[];
	missing: string[];
	malformed: string[];
}

/** Defaults within defaults go no deeper: nobody writes that by hand. */
const MAX_DEPTH = 16;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/**
 * Puts variables into a text: `${NAME}`, or `${NAME:-default}` for one that is unset or empty, where the default may hold
 * variables again. `$$` stands for one `$`; a `$` before anything else is itself. Values go in as they are: they are not looked
 * through for variables.
 * @param lookup value of a variable; undefined: not set
 */
export function substitute(text: string, lookup: (name: string) => string | undefined): Substitution {
	const result: Substitution = { text: '', used: [], missing: [], malformed: [] };
	result.text = expand(text, lookup, result, 0);
	return result;
}

function expand(text: string, lookup: (name: string) => string | undefined, result: Substitution, depth: number): string {
	let out = '';
	let at = 0;
	for (;;) {
		const dollar = text.indexOf('$', at);
		if (dollar < 0 || dollar === text.length - 1) return out + text.slice(at);
		out += text.slice(at, dollar);
		const next = text[dollar + 1];
		if (next === '{') {
			const end = closingBrace(text, dollar);
			if (end < 0) {
				result.malformed.push(`a "\${" without its "}"`);
				return out;
			}
			out += reference(text.slice(dollar + 2, end), lookup, result, depth);
			at = end + 1;
		} else {
			out += '$';
			at = next === '$' ? dollar + 2 : dollar + 1;
		}
	}
}

/** Value of what stands between the braces. */
function reference(inner: string, lookup: (name: string) => string | undefined, result: Substitution, depth: number): string {
	const name = NAME.exec(inner)?.[0];
	if (name === undefined) {
		result.malformed.push(`a "\${" that is not followed by the name of a variable`);
		return '';
	}
	if (depth > MAX_DEPTH) {
		result.malformed.push('defaults that hold defaults too deeply');
		return '';
	}
	const rest = inner.slice(name.length);
	if (rest !== '' && !rest.startsWith(':-')) {
		result.malformed.push(`"\${${name}" followed by something that is neither "}" nor ":-default}"`);
		return '';
	}
	const value = lookup(name);
	if (rest !== '' && (value === undefined || value === '')) return expand(rest.slice(2), lookup, result, depth + 1);
	if (value === undefined) {
		result.missing.push(name);
		return '';
	}
	result.used.push(name);
	return value;
}

/** Where the `${` at `start` closes, counting those inside it; -1 if it does not. */
export function closingBrace(text: string, start: number): number {
	let depth = 0;
	for (let i = start; i < text.length; i++) {
		if (text[i] === '$' && text[i + 1] === '$' && i > start) i++;
		else if (text[i] === '$' && text[i + 1] === '{') {
			depth++;
			i++;
		} else if (text[i] === '}') {
			depth--;
			if (depth === 0) return i;
		}
	}
	return -1;
}

/** What in a `${...}` would end a plain text inside `[...]` or `{...}`, or begin a comment or a value. */
const HIDDEN = '{}[],:#';

/**
 * Lets `${...}` stand unquoted anywhere in YAML, also in `{ key: ${CI_KEY} }`, where braces and commas would otherwise be read as
 * YAML's own: hides them behind characters of the private-use area the text does not have. Lengths stay, so positions do too.
 * `reveal` undoes it, on any part of the text.
 */
export function hideReferences(text: string): { hidden: string; reveal: (part: string) => string } {
	if (!text.includes('${')) return { hidden: text, reveal: (part) => part };
	let base = 0xe000;
	while (base < 0xf800 && [...HIDDEN].some((_, i) => text.includes(String.fromCharCode(base + i)))) base += HIDDEN.length;
	const stand = new Map([...HIDDEN].map((character, i) => [character, String.fromCharCode(base + i)]));
	const original = new Map([...stand].map(([character, replacement]) => [replacement, character]));
	const replaced = new RegExp(`[${[...original.keys()].join('')}]`, 'g');
	return {
		hidden: text
			.split('\n')
			.map((line) => hideLine(line, stand))
			.join('\n'),
		reveal: (part) => part.replace(replaced, (character) => original.get(character) ?? character),
	};
}

function hideLine(line: string, stand: ReadonlyMap<string, string>): string {
	let out = '';
	let at = 0;
	for (;;) {
		const start = line.indexOf('${', at);
		const end = start < 0 ? -1 : closingBrace(line, start);
		if (end < 0) return out + line.slice(at);
		out += line.slice(at, start);
		for (const character of line.slice(start, end + 1)) out += stand.get(character) ?? character;
		at = end + 1;
	}
}
