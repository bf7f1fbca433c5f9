/** The budgets of PERFORMANCE.md that can be measured so far. Rows of features that do not exist yet come with them. */
export interface Budget {
	id: BudgetId;
	what: string;
	limit: number;
	aim: number;
	unit: 'x' | 'ms' | 's' | 'MB';
	/** Compared with nginx: cannot be measured without it. */
	needsNginx?: boolean;
	/** Goes from one dialect to another: cannot be measured of a subject that does not translate. */
	needsTranslation?: boolean;
	/** Milliseconds of the wall clock: on a machine shared with others they tell as much of the others. Only the full form judges them. */
	wallClock?: boolean;
}

export type BudgetId =
	| 'same-dialect'
	| 'to-anthropic'
	| 'to-gemini'
	| 'stream-same-dialect'
	| 'stream-to-anthropic'
	| 'stream-to-gemini'
	| 'bare-proxy'
	| 'latency'
	| 'first-token'
	| 'start'
	| 'memory'
	| 'prompt';

export const BUDGETS: readonly Budget[] = [
	{
		id: 'same-dialect',
		what: 'CPU per request, same dialect, not streaming, against nginx',
		limit: 7,
		aim: 5,
		unit: 'x',
		needsNginx: true,
	},
	{
		id: 'to-anthropic',
		what: 'CPU per request, OpenAI client -> Anthropic provider, against nginx',
		limit: 9,
		aim: 7,
		unit: 'x',
		needsNginx: true,
		needsTranslation: true,
	},
	{
		id: 'to-gemini',
		what: 'CPU per request, OpenAI client -> Gemini provider, against nginx',
		limit: 9,
		aim: 7,
		unit: 'x',
		needsNginx: true,
		needsTranslation: true,
	},
	{
		id: 'stream-same-dialect',
		what: 'CPU per streamed chunk, same dialect, against nginx',
		limit: 3,
		aim: 2.2,
		unit: 'x',
		needsNginx: true,
	},
	{
		id: 'stream-to-anthropic',
		what: 'CPU per streamed chunk, OpenAI client -> Anthropic provider, against nginx',
		limit: 4,
		aim: 3,
		unit: 'x',
		needsNginx: true,
		needsTranslation: true,
	},
	{
		id: 'stream-to-gemini',
		what: 'CPU per streamed chunk, OpenAI client -> Gemini provider, against nginx',
		limit: 4,
		aim: 3,
		unit: 'x',
		needsNginx: true,
		needsTranslation: true,
	},
	{ id: 'bare-proxy', what: 'everything on against the bare Fastify proxy', limit: 2, aim: 1.6, unit: 'x' },
	{ id: 'latency', what: 'added p99 latency at half of the saturation rate', limit: 2, aim: 0.7, unit: 'ms', wallClock: true },
	{
		id: 'first-token',
		what: 'added time to first token p99 (50 streams at once)',
		limit: 2,
		aim: 0.7,
		unit: 'ms',
		wallClock: true,
	},
	{ id: 'start', what: 'start to first answered request, built', limit: 1.5, aim: 0.8, unit: 's' },
	{ id: 'memory', what: 'resident memory idle', limit: 160, aim: 110, unit: 'MB' },
	{ id: 'prompt', what: 'a 1 MB prompt (long context), against nginx', limit: 6, aim: 4, unit: 'x', needsNginx: true },
];
