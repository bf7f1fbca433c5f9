import { readFileSync } from 'node:fs';
import { type ClassifierInput, type ComplexityLevel, USE_CASES, type UseCase } from '../../src/router/index.ts';

/** The parts of the labelled set. Only the first may be looked at while the classifier is worked on. */
export const PARTS = ['development', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** A labelled request; its fields are described in README.md. */
export interface Labelled {
	id: string;
	language: string;
	useCase: UseCase;
	complexity: ComplexityLevel;
	input: ClassifierInput;
}

const LEVELS: readonly ComplexityLevel[] = ['simple', 'medium', 'complex'];
/** As dialects estimate tokens where the line states none. */
const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_MEDIUM = 1000;

type Line = { [field: string]: unknown };

function oneOf<T extends string>(line: Line, field: string, values: readonly T[]): T {
	const found = values.find((value) => value === line[field]);
	if (found === undefined) throw new Error(`${String(line.id)}: '${field}' must be one of ${values.join(', ')}.`);
	return found;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function inputOf(line: Line): ClassifierInput {
	const [user, earlier, system] = [text(line.user), text(line.earlier), text(line.system)];
	const [images, documents] = [line.images === true, line.documents === true];
	const characters = user.length + earlier.length + system.length;
	const estimate = Math.ceil(characters / CHARACTERS_PER_TOKEN) + (Number(images) + Number(documents)) * TOKENS_PER_MEDIUM;
	return {
		user,
		earlier,
		system,
		turns: typeof line.turns === 'number' ? line.turns : 1,
		tools: list(line.tools),
		images,
		documents,
		schema: line.schema === true,
		inputTokens: typeof line.inputTokens === 'number' ? line.inputTokens : estimate,
		reasoning: line.reasoning === true,
		maxOutputTokens: typeof line.maxOutputTokens === 'number' ? line.maxOutputTokens : undefined,
	};
}

/** Reads a part of the set. Throws where a line has no valid label. */
export function readPart(part: Part): Labelled[] {
	const content = readFileSync(new URL(`data/${part}.jsonl`, import.meta.url), 'utf8');
	return content
		.trim()
		.split('\n')
		.map((raw) => {
			const line: Line = JSON.parse(raw);
			return {
				id: text(line.id),
				language: oneOf(line, 'language', ['en', 'fr']),
				useCase: oneOf(line, 'useCase', USE_CASES),
				complexity: oneOf(line, 'complexity', LEVELS),
				input: inputOf(line),
			};
		});
}
