import type { Reading } from './read.ts';
import type { ClassifierInput, UseCase } from './types.ts';

/** What signals are taken from. */
export interface Evidence {
	input: ClassifierInput;
	user: Reading;
}

/** A property of the request, apart from its words, that speaks for a use case. `points` may be negative; 0 says nothing. */
export interface Signal {
	useCase: UseCase;
	cue: string;
	points(evidence: Evidence): number;
}

const has = (tools: readonly string[], words: readonly string[]): boolean =>
	tools.some((tool) => {
		const name = tool.slice(0, 80).toLowerCase();
		return words.some((word) => name.includes(word));
	});

const SEARCH_TOOLS = ['search', 'browse', 'browser', 'web_fetch', 'google'];
const CODE_TOOLS = [
	'bash',
	'shell',
	'text_editor',
	'edit_file',
	'write_file',
	'read_file',
	'apply_patch',
	'run_tests',
	'str_replace',
	'code_execution',
	'execute_sql',
];

/** Share of characters that are marks of programs: 0.03 in prose with brackets, above 0.08 in programs. */
const codeShare = ({ user }: Evidence): number => user.shape.codeMarks / Math.max(60, user.shape.read);

/** Input tokens from which only the window matters, and from which the wish to read all of it is believed. */
const LONG_TOKENS = 24_000;
const LARGE_TOKENS = 6_000;

/** Figures that lie close together make a text one about figures. */
function figures({ user: { shape, variables } }: Evidence): number {
	const dense = shape.digits / Math.max(1, shape.read) > 0.03;
	if (!dense || shape.digits < 12 || variables > 1) return 0;
	return shape.digits > 24 ? 1.8 : 1.2;
}

/** A question about a few quoted words is mostly one of what they are. */
const quotedQuestion = ({ user: { shape, words } }: Evidence): number =>
	shape.quotes >= 2 && shape.questions > 0 && words <= 60 ? 1 : 0;

export const SIGNALS: readonly Signal[] = [
	{ useCase: 'chat', cue: 'nothing else speaks', points: () => 1.2 },
	{
		useCase: 'chat',
		cue: 'a few words',
		points: ({ user, input }) => (user.words <= 6 && input.system.length < 200 && user.shape.fences === 0 ? 0.6 : 0),
	},
	{ useCase: 'chat', cue: 'a short question', points: ({ user }) => (user.shape.questions > 0 && user.words <= 25 ? 0.5 : 0) },
	{ useCase: 'code_generation', cue: 'fenced code', points: ({ user }) => (user.shape.fences > 0 ? 3.5 : 0) },
	{
		useCase: 'code_generation',
		cue: 'marks of a program',
		points: (evidence) => {
			const share = codeShare(evidence);
			if (evidence.user.shape.rows > 2 && evidence.user.shape.rows * 2 > evidence.user.shape.lines) return 0;
			return share > 0.07 ? 4 : share > 0.045 ? 2 : 0;
		},
	},
	{ useCase: 'code_generation', cue: 'tools that change files', points: ({ input }) => (has(input.tools, CODE_TOOLS) ? 3 : 0) },
	{ useCase: 'analysis', cue: 'a table', points: ({ user }) => (user.shape.rows >= 3 ? 2.5 : 0) },
	{ useCase: 'analysis', cue: 'many figures', points: figures },
	{ useCase: 'analysis', cue: 'a picture or document', points: ({ input }) => (input.images || input.documents ? 0.8 : 0) },
	{ useCase: 'web_search', cue: 'tools that search', points: ({ input }) => (has(input.tools, SEARCH_TOOLS) ? 3 : 0) },
	{ useCase: 'classification', cue: 'an answer by schema', points: ({ input }) => (input.schema ? 1.8 : 0) },
	{
		useCase: 'classification',
		cue: 'a very short answer',
		points: ({ input }) => (input.maxOutputTokens !== undefined && input.maxOutputTokens <= 16 ? 2.5 : 0),
	},
	{ useCase: 'classification', cue: 'a question about quoted words', points: quotedQuestion },
	{ useCase: 'expert_reasoning', cue: 'letters for quantities', points: ({ user }) => (user.variables >= 2 ? 1.8 : 0) },
	{ useCase: 'expert_reasoning', cue: 'reasoning asked for', points: ({ input }) => (input.reasoning ? 2 : 0) },
	{
		useCase: 'long_context',
		cue: 'more than a common window',
		points: ({ input }) => (input.inputTokens > LONG_TOKENS ? 14 : 0),
	},
	{
		useCase: 'long_context',
		cue: 'a large input',
		points: ({ input }) => (input.inputTokens > LARGE_TOKENS ? 2.5 : input.inputTokens < 2_000 ? -3 : 0),
	},
];
