import { z } from 'zod';
import { nearest } from '../lib/nearest.ts';
import type { ConfigPath } from './problems.ts';
import { type Expectation, expectations } from './scalars.ts';

/** A fault found by a schema, in our own words: the validator's might quote values. */
export interface SchemaFault {
	path: ConfigPath;
	message: string;
	cure?: string;
	/** True when the fault is the key itself. */
	atKey?: boolean;
}

/**
 * What a schema has to say about a value.
 * @param value what was checked, to tell what stands in a wrong place
 */
export function schemaFaults(schema: z.core.$ZodType, value: unknown, issues: readonly z.core.$ZodIssue[]): SchemaFault[] {
	return issues.flatMap((issue) => faultsOf(schema, value, issue, []));
}

function faultsOf(schema: z.core.$ZodType, value: unknown, issue: z.core.$ZodIssue, base: ConfigPath): SchemaFault[] {
	const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
	if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
	if (issue.code === 'invalid_union') {
		const branch = bestBranch(issue.errors);
		if (branch !== undefined) return branch.flatMap((inner) => faultsOf(schema, value, inner, path));
	}
	const found = valueAt(value, path);
	const expectation = expectationAt(schema, path);
	if (found !== undefined && expectation?.message !== undefined)
		return [{ path, message: expectation.message, ...(expectation.cure && { cure: expectation.cure }) }];
	const expects = expectation?.expects ?? expectedType(issue);
	if (found === undefined)
		return [{ path, message: 'is missing', cure: expects === undefined ? 'Add it.' : `It must be ${expects}.` }];
	const kind = kindOf(found, expects);
	const quotable = expects?.startsWith('a text') && (typeof found === 'number' || typeof found === 'boolean');
	const message = `must be ${expects ?? 'something else'}${kind === undefined ? '' : `; it is ${kind}`}`;
	return [{ path, message, ...(quotable && { cure: 'Put it in quotes.' }) }];
}

/** The alternative that was meant: the one whose faults lie deeper than "not this type at all". */
function bestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
	const meant = branches.filter((issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'));
	return meant.length === 1 && meant[0]?.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys')
		? meant[0]
		: undefined;
}

function unknownKey(schema: z.core.$ZodType, path: ConfigPath, key: string): SchemaFault {
	// `{api_key:sk-...}` without the space is one long key: do not repeat it.
	const colon = key.indexOf(':');
	if (colon >= 0) {
		const shown = key.slice(0, colon);
		return { path: [...path, shown], message: 'unknown key', cure: 'YAML needs a space after the colon.', atKey: true };
	}
	return { path: [...path, key], message: 'unknown key', cure: suggest(key, keysAt(schema, path)), atKey: true };
}

/** `Did you mean "type"?`, or all there is to choose from. */
export function suggest(wrong: string, known: readonly string[]): string {
	const near = nearest(wrong, known, 1)[0];
	return near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}

/** What a value is, where that helps; never the value itself. */
function kindOf(value: unknown, expects: string | undefined): string | undefined {
	if (value === null) return 'empty';
	if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
	if (value === '') return 'an empty text';
	if (typeof value === 'object') return 'a mapping';
	if (typeof value === 'boolean') return 'true or false';
	const wantsText = expects === undefined || /text|list|mapping/.test(expects);
	return wantsText && typeof value === 'number' ? 'a number' : /list|mapping/.test(expects ?? '') ? 'a text' : undefined;
}

function expectedType(issue: z.core.$ZodIssue): string | undefined {
	if (issue.code !== 'invalid_type') return undefined;
	const names: { [type: string]: string } = { array: 'a list', object: 'a mapping', record: 'a mapping', string: 'a text' };
	return names[issue.expected];
}

function valueAt(value: unknown, path: ConfigPath): unknown {
	let inside = value;
	for (const part of path) {
		if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, part)) return undefined;
		inside = (inside as { [part: string | number]: unknown })[part];
	}
	return inside;
}

/** Schemas found by following a path; more than one where a union is crossed. */
function schemasAt(schema: z.core.$ZodType, path: ConfigPath): z.core.$ZodType[] {
	let here = [schema];
	for (const part of path) here = here.flatMap((each) => inner(each)).flatMap((each) => childOf(each, part));
	return here;
}

/** A schema without its wrappers, unions opened. */
function inner(schema: z.core.$ZodType): z.core.$ZodType[] {
	if (schema instanceof z.ZodOptional) return inner(schema.unwrap());
	if (schema instanceof z.ZodPipe) return inner(schema.in);
	if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => inner(option));
	return [schema];
}

function childOf(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
	if (schema instanceof z.ZodObject) {
		const child: unknown = Object.hasOwn(schema.shape, part) ? schema.shape[part] : undefined;
		return child instanceof z.ZodType ? [child] : [];
	}
	if (schema instanceof z.ZodArray) return [schema.element];
	return schema instanceof z.ZodRecord ? [schema.valueType] : [];
}

function keysAt(schema: z.core.$ZodType, path: ConfigPath): string[] {
	return schemasAt(schema, path)
		.flatMap(inner)
		.flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : []));
}

function expectationAt(schema: z.core.$ZodType, path: ConfigPath): Expectation | undefined {
	for (const each of schemasAt(schema, path)) {
		const found = expectationOf(each);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The words attached to a schema or to what it wraps. */
function expectationOf(schema: z.core.$ZodType): Expectation | undefined {
	const words = expectations.get(schema);
	if (words !== undefined) return words;
	if (schema instanceof z.ZodOptional) return expectationOf(schema.unwrap());
	if (schema instanceof z.ZodUnion)
		return schema.options.map((option) => expectationOf(option)).find((found) => found !== undefined);
	return undefined;
}
