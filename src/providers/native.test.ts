import { describe, expect, test } from 'vitest';
import { PathBook } from './native.ts';

const book = new PathBook('/api/v1', {
	chat: '/models/{model}:generate',
	chatStream: '/models/{model}:stream?alt=sse',
	embed: '/embeddings',
});

describe("a path of the vendor's API", () => {
	test.each([
		['/v1/files?x=1', '/api/v1/files?x=1'],
		['/api/v1/files', '/api/v1/files'],
		['/v2/files', '/api/v2/files'],
		['/embeddings', '/api/v1/embeddings'],
		['/v1/embeddings', '/api/v1/embeddings'],
	])('%s is %s there', (given, full) => {
		expect(book.resolve(given)).toBe(full);
	});

	test('what a proxy puts before the root is added, and the root not twice', () => {
		const behind = new PathBook('/proxy/v1/projects/p', {});
		for (const given of ['/v1/projects/p/models/m', '/projects/p/models/m', '/models/m', '/proxy/v1/projects/p/models/m'])
			expect(behind.resolve(given)).toBe('/proxy/v1/projects/p/models/m');
	});

	test.each(['/v1/../x', '/v1/%2E%2e/x', '/..', '/v1/./x', '/v1/..?q'])('%s climbs out and is refused', (given) => {
		expect(() => book.resolve(given)).toThrow('must not hold');
	});

	test.each(['/v1/a..b', '/v1/.hidden', '/v1/...'])('%s does not', (given) => {
		expect(book.resolve(given)).toBe(`/api${given}`);
	});

	test.each([
		['/api/v1/models/m%2Fx:generate', { operation: 'chat', model: 'm/x' }],
		['/api/v1/models/m:stream?alt=sse', { operation: 'chat', model: 'm', stream: true }],
		['/api/v1/models/%E0:generate', { operation: 'chat', model: '%E0' }],
		['/api/v1/embeddings', { operation: 'embed' }],
		['/api/v1/files', undefined],
		['/api/v1/models/a/b:generate', undefined],
	])('%s is known as what it is', (path, known) => {
		expect(book.find(path)).toEqual(known);
	});
});
