import { describe, expect, it } from 'vitest';
import type { JsonObject, ModelTraits, Warning } from '../spec/index.ts';
import { anthropic, anthropicTraits } from './anthropic/index.ts';
import { openai, openaiTraits } from './openai/index.ts';
import { applyRules, type BodyRule } from './rules.ts';
import { modelVersion } from './shared/claude.ts';

function changed(
	rules: readonly BodyRule[] | undefined,
	traits: ModelTraits,
	model: string,
	body: JsonObject,
): { body: JsonObject; warned: string[] } {
	const warnings: Warning[] = [];
	const before = structuredClone(body);
	const changes = applyRules(rules ?? [], body, model, traits, (warning) => warnings.push(warning));
	expect(body).toEqual(before);
	return {
		body: JSON.parse(JSON.stringify({ ...body, ...changes })) as JsonObject,
		warned: warnings.map((w) => `${w.kind} ${w.path}`),
	};
}

const toOpenai = (model: string, body: JsonObject) => changed(openai.rules, openaiTraits(model, null), model, body);
const toAnthropic = (model: string, body: JsonObject) => changed(anthropic.rules, anthropicTraits(model, null), model, body);

describe('a body for an OpenAI reasoning model', () => {
	it('limits output by the field the model takes', () => {
		const result = toOpenai('gpt-6-luna', { max_tokens: 5 });
		expect(result.body).toEqual({ max_completion_tokens: 5 });
		expect(result.warned).toEqual(['changed max_tokens']);
	});

	it('loses sampling parameters with a word, harmless ones without', () => {
		const result = toOpenai('o3', { temperature: 0.2, top_p: 1, logit_bias: null });
		expect(result.body).toEqual({});
		expect(result.warned).toEqual(['dropped temperature']);
	});

	it('keeps them when reasoning is off', () => {
		expect(toOpenai('gpt-6-luna', { temperature: 0.2, reasoning_effort: 'none' }).body).toEqual({
			temperature: 0.2,
			reasoning_effort: 'none',
		});
	});
});

describe('a field', () => {
	it('named like what all objects have is looked for in the body alone', () => {
		const seen: unknown[] = [];
		const look: BodyRule = (context) => {
			for (const field of ['constructor', 'toString']) seen.push(context.get(field));
			context.set('a', 1);
		};
		applyRules([look, look], { toString: 'mine' }, 'm', {}, () => undefined);
		expect(seen).toEqual([undefined, 'mine', undefined, 'mine']);
	});
});

describe('a body for another OpenAI model', () => {
	it('goes out as it is', () => {
		expect(toOpenai('gpt-4o', { max_tokens: 5, temperature: 0 })).toEqual({
			body: { max_tokens: 5, temperature: 0 },
			warned: [],
		});
	});
});

describe('a streamed body', () => {
	it('asks for usage, keeping other stream options', () => {
		const result = toOpenai('gpt-4o', { stream: true, stream_options: { include_obfuscation: false } });
		expect(result.body.stream_options).toEqual({ include_obfuscation: false, include_usage: true });
		expect(result.warned).toEqual([]);
	});
});

describe('a body for an Anthropic model', () => {
	it('that reasons by effort has its budget turned into one', () => {
		const result = toAnthropic('claude-opus-5-5', { thinking: { type: 'enabled', budget_tokens: 10_000 }, temperature: 1 });
		expect(result.body).toEqual({ thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } });
		expect(result.warned).toEqual(['approximated thinking.budget_tokens']);
	});

	it('that takes a budget keeps it', () => {
		const body = { thinking: { type: 'enabled', budget_tokens: 2000 }, temperature: 1 };
		expect(toAnthropic('claude-sonnet-4-5', body)).toEqual({ body, warned: [] });
	});

	it('is left alone where another vendor of the same API serves a model of its own', () => {
		const body = { thinking: { type: 'enabled', budget_tokens: 2000 }, temperature: 0.5, top_k: 3 };
		expect(toAnthropic('glm-5', body)).toEqual({ body, warned: [] });
		expect(toAnthropic('claude-next', { temperature: 0.5 }).warned).toEqual(['dropped temperature']);
	});
});

describe('the version of an Anthropic model', () => {
	it('is read from names old and new', () => {
		expect(modelVersion('claude-3-7-sonnet-20250219')).toBe(3.7);
		expect(modelVersion('claude-opus-4-20250514')).toBe(4);
		expect(modelVersion('claude-opus-4-1-20250805')).toBe(4.1);
		expect(modelVersion('claude-sonnet-4-6')).toBe(4.6);
		expect(modelVersion('claude-fable-5-1')).toBe(5.1);
		expect(modelVersion('claude-haiku-next')).toBeUndefined();
	});
});
