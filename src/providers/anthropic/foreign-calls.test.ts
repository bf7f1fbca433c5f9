import { describe, expect, it } from 'vitest';
import type { JsonObject, Warning } from '../../spec/index.ts';
import { applyRules } from '../rules.ts';
import { noBudgetAmidForeignCalls } from './foreign-calls.ts';

const budget = { type: 'enabled', budget_tokens: 2048 };
const question = { role: 'user', content: 'Weather?' };
const call = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'get_weather', input: {} });
const results = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'sunny' }] };
const thought = { type: 'thinking', thinking: 'Hm.', signature: 's' };

function applied(thinking: JsonObject, ...messages: JsonObject[]) {
	const warnings: Warning[] = [];
	const body = { model: 'm', thinking, messages };
	const changes = applyRules([noBudgetAmidForeignCalls], body, 'm', {}, (warning) => warnings.push(warning));
	return { changes, paths: warnings.map((warning) => `${warning.kind} ${warning.path}`) };
}

describe('a thinking budget', () => {
	it("is left out, with a warning, while another vendor's calls are answered", () => {
		const given = applied(budget, question, { role: 'assistant', content: [call('call_1'), call('call_2')] }, results);
		expect(given).toEqual({ changes: { thinking: undefined }, paths: ['dropped thinking'] });
	});

	it.each([
		['no calls wait', budget, [question]],
		[
			'the calls are the vendor’s own, for the vendor to judge',
			budget,
			[question, { role: 'assistant', content: [call('toolu_1')] }, results],
		],
		['they begin with a thought', budget, [question, { role: 'assistant', content: [thought, call('call_1')] }, results]],
		[
			'the answer to them is there already',
			budget,
			[question, { role: 'assistant', content: [call('call_1')] }, results, { role: 'assistant', content: 'Sunny.' }, question],
		],
		['the model decides for itself', { type: 'adaptive' }, [question, { role: 'assistant', content: [call('call_1')] }, results]],
	])('stays where %s', (_, thinking, messages) => {
		expect(applied(thinking, ...messages)).toEqual({ changes: null, paths: [] });
	});
});
