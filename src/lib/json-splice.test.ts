import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonChanges, spliceTopLevel, spliceTopLevelPieces } from './json-splice.ts';

function splice(text: string, changes: JsonChanges): string | undefined {
	return spliceTopLevel(Buffer.from(text), changes)?.toString();
}

describe('spliceTopLevel', () => {
	it('replaces a value and leaves every other byte alone', () => {
		const text = '{ "model" : "a" ,\n\t"n":1.0, "big":12345678901234567890, "t":"caf\\u00e9 é" }';
		expect(splice(text, { model: '"b"' })).toBe(text.replace('"a"', '"b"'));
	});

	it('adds what is missing at the end', () => {
		expect(splice('{"a":1}', { stream: 'true', b: '[1]' })).toBe('{"a":1,"stream":true,"b":[1]}');
		expect(splice(' { } ', { a: '1' })).toBe(' { "a":1} ');
	});

	it.each([
		['{"a":1,"b":2,"c":3}', ['a'], '{"b":2,"c":3}'],
		['{"a":1, "b":2, "c":3}', ['b'], '{"a":1, "c":3}'],
		['{"a":1, "b":2 , "c":3 }', ['c'], '{"a":1, "b":2 }'],
		['{"a":1,"b":2,"c":3}', ['b', 'c'], '{"a":1}'],
		['{"a":1,"b":2,"c":3}', ['a', 'c'], '{"b":2}'],
		['{"a":1,"b":2}', ['a', 'b'], '{}'],
		['{"a":1}', ['z'], '{"a":1}'],
	])('removes keys with their commas: %s without %s', (text, keys, expected) => {
		expect(splice(text, Object.fromEntries(keys.map((key) => [key, undefined])))).toBe(expected);
	});

	it('adds, replaces and removes at once', () => {
		expect(splice('{"a":1,"b":2}', { a: undefined, b: undefined, c: '3' })).toBe('{"c":3}');
		expect(splice('{"a":1,"b":2}', { b: undefined, a: '0', c: '3' })).toBe('{"a":0,"c":3}');
	});

	it('changes a key wherever it is repeated', () => {
		expect(splice('{"m":1,"x":0,"m":2}', { m: '9' })).toBe('{"m":9,"x":0,"m":9}');
		expect(splice('{"m":1,"x":0,"m":2}', { m: undefined })).toBe('{"x":0}');
	});

	it('knows a key by its meaning, not its spelling', () => {
		expect(splice('{"mod\\u0065l":"a"}', { model: '"b"' })).toBe('{"mod\\u0065l":"b"}');
		expect(splice('{"a\\"b":1}', { 'a"b': '2' })).toBe('{"a\\"b":2}');
		expect(splice('{"é":1}', { é: '2' })).toBe('{"é":2}');
	});

	it('is not misled by nested keys, braces and quotes in strings', () => {
		const text = '{"a":{"model":"x","b":["}",{"model":"\\\\"}]},"s":"\\"},{\\"model\\":\\"y\\"","model":"z"}';
		expect(splice(text, { model: '"!"' })).toBe(text.replace('"z"', '"!"'));
	});

	it('treats keys that objects inherit as any other', () => {
		expect(splice('{"toString":1,"__proto__":{"a":1}}', {})).toBe('{"toString":1,"__proto__":{"a":1}}');
		expect(splice('{"__proto__":{"a":1},"b":1}', JSON.parse('{"__proto__":"2"}'))).toBe('{"__proto__":2,"b":1}');
	});

	it('can leave the pieces apart, so that nothing large is copied', () => {
		const body = Buffer.from('{"a":1,"m":"x","b":2}');
		const pieces = spliceTopLevelPieces(body, { m: '"y"' }) ?? [];
		expect(Buffer.concat(pieces).toString()).toBe('{"a":1,"m":"y","b":2}');
		body.write('z', body.length - 2);
		expect(pieces.at(-1)?.toString()).toBe(',"b":z}');
		expect(spliceTopLevelPieces(Buffer.from('[]'), { m: '1' })).toBeUndefined();
	});

	it('hands back the same buffer when nothing changes', () => {
		const body = Buffer.from('{"a":1}');
		expect(spliceTopLevel(body, {})).toBe(body);
		expect(spliceTopLevel(body, { b: undefined })).toBe(body);
	});

	it.each([
		'',
		' ',
		'[]',
		'"a"',
		'1',
		'null',
		'{',
		'{"a"',
		'{"a":',
		'{"a":}',
		'{"a":1',
		'{"a":1,}',
		'{"a":1}}',
		'{a:1}',
		'{"a":"x',
		'\ufeff{}',
	])('declines what is not an object: %j', (text) => {
		expect(splice(text, { a: '2' })).toBeUndefined();
	});

	it('never fails on damaged input', () => {
		fc.assert(
			fc.property(fc.json(), fc.nat(), fc.nat(255), (text, at, byte) => {
				const body = Buffer.from(text);
				if (body.length > 0) body[at % body.length] = byte;
				spliceTopLevel(body, { a: '1', b: undefined });
				spliceTopLevel(body.subarray(0, at % (body.length + 1)), { a: '1' });
			}),
		);
	});

	it('means what changing the parsed object means, whatever the object, its spelling and the changes', () => {
		// Not the key "\\" itself: once V8 has seen it, its JSON.parse (Node 24) takes any escaped key of such an object for it.
		const key = fc.oneof(
			fc.constantFrom('model', 'stream', 'a', 'é', '"', 'a\\b', '', '__proto__'),
			fc.string({ unit: 'binary', maxLength: 4 }).filter((text) => text !== '\\'),
		);
		const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n');
		const member = fc.record({
			key,
			value: fc.jsonValue({ maxDepth: 3 }),
			escaped: fc.boolean(),
			spaces: fc.tuple(space, space, space, space),
		});
		const change = fc.tuple(key, fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }));
		fc.assert(
			fc.property(
				fc.array(member, { maxLength: 8 }),
				fc.array(change, { maxLength: 4 }),
				space,
				(members, changeList, inside) => {
					const text = `{${inside}${members
						.map(
							({ key: name, value, escaped, spaces: [a, b, c, d] }) =>
								`${a}${spell(name, escaped)}${b}:${c}${JSON.stringify(value)}${d}`,
						)
						.join(',')}}`;
					// Object.fromEntries makes own properties, "__proto__" included.
					const changes = Object.fromEntries(
						changeList.map(([name, value]) => [name, value === undefined ? undefined : JSON.stringify(value)]),
					);
					const expected = new Map<string, unknown>(Object.entries(JSON.parse(text)));
					for (const name of Object.keys(changes)) {
						const value = changes[name];
						if (value === undefined) expected.delete(name);
						else expected.set(name, JSON.parse(value));
					}
					const result = splice(text, changes) ?? 'declined';
					expect(new Map(Object.entries(JSON.parse(result)))).toEqual(expected);
				},
			),
			{ numRuns: 2000 },
		);
	});

	it('takes about a millisecond for a megabyte, however it is written', () => {
		const megabyte = {
			prose: { content: 'lorem ipsum dolor '.repeat(60_000) },
			code: { content: 'if (a === "b") {\n\treturn "c";\n}\n'.repeat(30_000) },
			messages: {
				messages: Array.from({ length: 10_000 }, (_, i) => ({
					role: 'user',
					content: `message number ${i} of the long conversation`,
				})),
			},
			numbers: { input: Array.from({ length: 150_000 }, (_, i) => 100_000 + i) },
		};
		for (const [name, value] of Object.entries(megabyte)) {
			const body = Buffer.from(JSON.stringify({ model: 'a', ...value, stream: false }));
			const times = Array.from({ length: 30 }, () => {
				const start = performance.now();
				spliceTopLevel(body, { model: '"b"', stream: 'true' });
				return performance.now() - start;
			});
			const perMegabyte = Math.min(...times) / (body.length / 1e6);
			// The aim is 1 ms; ten times that catches a slip into quadratic time on any machine.
			expect(perMegabyte, name).toBeLessThan(10);
		}
	});
});

/** A key as JSON text, plainly or with every character escaped. */
function spell(key: string, escaped: boolean): string {
	if (!escaped) return JSON.stringify(key);
	const units = Array.from({ length: key.length }, (_, i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, '0')}`);
	return `"${units.join('')}"`;
}
