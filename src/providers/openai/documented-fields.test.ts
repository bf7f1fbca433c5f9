import { describe, expect, test } from 'vitest';
import type { JsonObject, Warning } from '../../spec/index.ts';
import { applyRules } from '../rules.ts';
import { documentedFieldsOnly } from './documented-fields.ts';

function apply(body: JsonObject) {
	const warnings: Warning[] = [];
	const changes = applyRules([documentedFieldsOnly], body, 'gpt-5', {}, (warning) => warnings.push(warning));
	return { changes, paths: warnings.map((warning) => warning.path) };
}

describe('a conversation that another vendor began', () => {
	test('goes on without that vendor’s reasoning, and says so', () => {
		const { changes, paths } = apply({
			messages: [
				{ role: 'assistant', content: 'Hi', reasoning_content: 'Greet.' },
				{ role: 'user', content: 'Go on' },
			],
		});
		expect(changes).toEqual({
			messages: [
				{ role: 'assistant', content: 'Hi' },
				{ role: 'user', content: 'Go on' },
			],
		});
		expect(paths).toEqual(['messages[0].reasoning_content']);
	});

	test('is left alone where it holds documented members only', () => {
		expect(
			apply({ messages: [{ role: 'user', content: 'Hi' }], tools: [{ type: 'function', function: { name: 'f' } }] }),
		).toEqual({
			changes: null,
			paths: [],
		});
	});
});
