import { readFileSync } from 'node:fs';
import { type ClassifierInput, type ComplexityLevel, classifierInput, USE_CASES, type UseCase } from '../../src/router/index.ts';
import type { ChatRequest, ContentPart, Message } from '../../src/spec/index.ts';

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

const says = (role: Message['role'], content: string): Message => ({ role, content: [{ type: 'text', text: content }] });

/** Media without bytes: the classifier asks only whether there are any. */
const IMAGE: ContentPart = { type: 'image', source: { type: 'base64', data: '', mediaType: 'image/png' } };
const DOCUMENT: ContentPart = { type: 'document', source: { type: 'base64', data: '', mediaType: 'application/pdf' } };

/** The request a line stands for, as dialects decode it. Turns the line does not hold are empty. */
function requestOf(line: Line): ChatRequest {
	const turns = typeof line.turns === 'number' ? line.turns : line.earlier === undefined ? 1 : 2;
	const last = says('user', text(line.user));
	if (line.images === true) last.content.push(IMAGE);
	if (line.documents === true) last.content.push(DOCUMENT);
	const before = Array.from({ length: Math.max(0, turns - 2) }, () => says('user', ''));
	if (turns > 1) before.push(says('user', text(line.earlier)));
	return {
		model: 'auto',
		messages: [...(line.system === undefined ? [] : [says('system', text(line.system))]), ...before, last],
		stream: false,
		sampling: {},
		tools: list(line.tools).map((name) => ({ type: 'function', name })),
		...(line.schema === true && { output: { type: 'json_schema', schema: {} } }),
		...(line.reasoning === true && { reasoning: { mode: 'on' } }),
		...(typeof line.maxOutputTokens === 'number' && { maxOutputTokens: line.maxOutputTokens }),
	};
}

function inputOf(line: Line): ClassifierInput {
	const characters = [line.user, line.earlier, line.system].reduce((sum: number, part) => sum + text(part).length, 0);
	const media = Number(line.images === true) + Number(line.documents === true);
	const estimate = Math.ceil(characters / CHARACTERS_PER_TOKEN) + media * TOKENS_PER_MEDIUM;
	return classifierInput(requestOf(line), typeof line.inputTokens === 'number' ? line.inputTokens : estimate);
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
