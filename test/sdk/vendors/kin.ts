import { CHIEF } from './chief.ts';
import { DIALECTS } from './dialects.ts';
import { COMMON, type Vendor } from './vendor.ts';

function rowOf(name: string): Vendor {
	const row = [...CHIEF, ...DIALECTS].find((each) => each.name === name);
	if (row === undefined) throw new Error(`there is no row ${name}`);
	return row;
}

const ANOTHER_KEY = 'its dialect has rows of its own; the way it is let in is another';
const COMPATIBLE = 'chat completions have rows of their own; its habits are tried by rules and by the strict simulators';

/** Members of answers that these vendors alone have, and reasoning counted where clients have no place for it. */
const EXTRAS = /^Only openai-chat has|tokens/i;

/**
 * Kin of the other rows, which have been through everything: they run what `scenarios/brief.ts` lists. Not among them: watsonx, Replicate,
 * whose simulators' tokens and predictions do not outlive the reset before each test; both have suites of their own.
 */
export const KIN: readonly Vendor[] = [
	{
		...rowOf('sim-bedrock'),
		name: 'sim-bedrock-key',
		settings: { api_key: 'sk-sim-bedrock-key', options: { region: 'us-east-1' } },
		locked: { api_key: 'sk-wrong-key-0123456789', options: { region: 'us-east-1' } },
		statuses: {},
		brief: ANOTHER_KEY,
	},
	{
		...rowOf('sim-gemini'),
		name: 'sim-vertex',
		simulator: { kind: 'vertex' },
		type: 'vertex-ai',
		path: '',
		settings: { api_key: 'token-sim-vertex', options: { project: 'a-project', location: 'global', auth: 'bearer' } },
		brief: ANOTHER_KEY,
	},
	{
		...rowOf('sim-anthropic'),
		name: 'sim-vertex-claude',
		simulator: { kind: 'vertex' },
		type: 'vertex-ai',
		path: '',
		settings: { api_key: 'token-sim-vertex-claude', options: { project: 'a-project', location: 'global', auth: 'bearer' } },
		brief: ANOTHER_KEY,
	},
	{
		name: 'sim-deepseek',
		simulator: { kind: 'openai', flavor: 'deepseek' },
		type: 'deepseek',
		dialect: 'openai-chat',
		needsKey: true,
		path: '',
		plain: 'deepseek-flash',
		thinkers: [{ model: 'deepseek-v4-flash', way: 'effort', shows: 'plain' }],
		statuses: { model: 400 },
		asides: EXTRAS,
		can: { ...COMMON, images: false, schemas: false, forcedWhileThinking: false, namesModels: false },
		brief: COMPATIBLE,
	},
	{
		name: 'sim-groq',
		simulator: { kind: 'openai', flavor: 'groq' },
		type: 'groq',
		dialect: 'openai-chat',
		needsKey: true,
		path: '/openai/v1',
		plain: 'meta-llama/llama-4-scout-17b-16e-instruct',
		thinkers: [{ model: 'openai/gpt-oss-120b', way: 'effort', shows: 'plain' }],
		asides: EXTRAS,
		can: { ...COMMON, schemas: false },
		brief: COMPATIBLE,
	},
	{
		name: 'sim-xai',
		simulator: { kind: 'openai', flavor: 'xai' },
		type: 'xai',
		dialect: 'openai-chat',
		needsKey: true,
		path: '/v1',
		plain: 'grok-4.20-0309-non-reasoning',
		thinkers: [{ model: 'grok-4.7', way: 'effort', shows: 'plain' }],
		asides: EXTRAS,
		can: { ...COMMON },
		brief: COMPATIBLE,
	},
];
