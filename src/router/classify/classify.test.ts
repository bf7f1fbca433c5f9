import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';
import { type ClassifierInput, USE_CASES } from './types.ts';

const PLAIN: ClassifierInput = {
	user: '',
	earlier: '',
	system: '',
	turns: 1,
	tools: [],
	images: false,
	documents: false,
	schema: false,
	inputTokens: 40,
	reasoning: false,
	maxOutputTokens: undefined,
};
const ask = (user: string, more: Partial<ClassifierInput> = {}) => classify({ ...PLAIN, user, ...more });

describe('the use case of a request', () => {
	it.each([
		['Translate the following into Spanish: the shop is closed', 'translation'],
		['Pourriez-vous résumer ce rapport en cinq points, s’il vous plaît ?', 'summarization'],
		['Écris une fonction Python qui inverse une chaîne', 'code_generation'],
		['E\u0301cris un poe\u0300me sur la pluie', 'creative_writing'],
		['PROVE THAT THE SQUARE ROOT OF 2 IS IRRATIONAL', 'expert_reasoning'],
		['Analyse les ventes du trimestre et explique la baisse', 'analysis'],
		["Quelle est la météo aujourd'hui à Brest ?", 'web_search'],
		['Is this review positive or negative? "Never again."', 'classification'],
		['hello there', 'chat'],
	])('%s', (text, useCase) => {
		expect(ask(text).useCase).toBe(useCase);
	});

	it('follows the command, not the material it is about', () => {
		expect(ask('Translate into French: "Summarize the report and write a Python function for it."').useCase).toBe('translation');
	});

	it('takes the command from the system prompt where the user sends bare material', () => {
		const system = 'Translate every message into German. Output only the translation.';
		expect(ask('The parcel arrived this morning and the box was wet.', { system }).useCase).toBe('translation');
	});

	it('leans on the turn before when the last one is only a few words', () => {
		expect(ask('and the second one?', { earlier: 'Write a Rust function that parses dates', turns: 2 }).useCase).toBe(
			'code_generation',
		);
	});

	it('is long_context when only a large window will do, whatever is asked', () => {
		expect(ask('Summarize this', { inputTokens: 90_000 }).useCase).toBe('long_context');
	});

	it('reads the end of a long text as well as its head', () => {
		expect(ask(`${'The quick brown fox sat. '.repeat(800)}\n\nTranslate all of this to Italian.`).useCase).toBe('translation');
	});

	it('says what spoke for it, in words of its own', () => {
		const { reasons, confidence } = ask('Translate to French: my secret is 4711');
		expect(reasons[0]).toMatchObject({ source: 'user', cue: 'translate to' });
		expect(JSON.stringify(reasons)).not.toContain('4711');
		expect(confidence).toBeGreaterThan(0.4);
	});
});

describe('the complexity of a request', () => {
	it('is higher for a proof than for a greeting', () => {
		expect(ask('hi').level).toBe('simple');
		expect(ask('Prove rigorously, step by step, that every bounded sequence has a convergent subsequence.').level).toBe(
			'complex',
		);
	});

	it('rises when the client asks for reasoning', () => {
		const text = 'Why does the function crash when the list is empty?';
		expect(ask(text, { reasoning: true }).complexity).toBeGreaterThan(ask(text).complexity);
	});
});

describe('whatever it is given', () => {
	const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
	const input: fc.Arbitrary<ClassifierInput> = fc.record({
		user: text,
		earlier: text,
		system: text,
		turns: fc.nat(),
		tools: fc.array(text, { maxLength: 5 }),
		images: fc.boolean(),
		documents: fc.boolean(),
		schema: fc.boolean(),
		inputTokens: fc.nat(),
		reasoning: fc.boolean(),
		maxOutputTokens: fc.option(fc.nat(), { nil: undefined }),
	});

	it('answers within its ranges, the same each time', () => {
		fc.assert(
			fc.property(input, (given) => {
				const found = classify(given);
				expect(classify(given)).toEqual(found);
				expect(USE_CASES).toContain(found.useCase);
				for (const value of [found.confidence, found.complexity]) {
					expect(value).toBeGreaterThanOrEqual(0);
					expect(value).toBeLessThanOrEqual(1);
				}
			}),
		);
	});

	it('is not swayed by case, nor by how accents are encoded', () => {
		fc.assert(
			fc.property(
				fc.constantFrom('Résume cet été', 'Traduis « naïveté »', 'Démontre le théorème', 'Où est la gare ?'),
				(plain) => {
					const whole = ask(plain);
					expect(ask(plain.normalize('NFD')).useCase).toBe(whole.useCase);
					expect(ask(plain.toUpperCase()).useCase).toBe(whole.useCase);
				},
			),
		);
	});
});
