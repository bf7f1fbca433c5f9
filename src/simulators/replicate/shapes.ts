import type { Shape } from '../core/shape.ts';
import { text as anyText, listOf, nullable, object } from '../core/shapekit.ts';

const NUMBER: Shape = { is: 'number' };
const WHOLE: Shape = { is: 'integer' };
/** What a prediction is asked for with. */
export const REQUEST = object(
	{
		input: object(
			{
				prompt: anyText,
				system_prompt: anyText,
				max_tokens: { is: 'integer', min: 0 },
				max_new_tokens: { is: 'integer', min: 0 },
				max_completion_tokens: { is: 'integer', min: 0 },
				min_tokens: WHOLE,
				temperature: NUMBER,
				top_p: NUMBER,
				top_k: WHOLE,
				seed: nullable(WHOLE),
				stop_sequences: anyText,
				presence_penalty: NUMBER,
				frequency_penalty: NUMBER,
				prompt_template: anyText,
				reasoning_effort: anyText,
				verbosity: anyText,
				image: anyText,
				image_input: listOf(anyText),
			},
			'prompt',
		),
		stream: { is: 'boolean' },
		webhook: anyText,
		webhook_events_filter: listOf(anyText),
	},
	'input',
);

/** Names of the inputs that a prediction takes. */
export function inputNames(): string[] {
	const input = REQUEST.is === 'object' ? REQUEST.keys.input : undefined;
	return input?.is === 'object' ? Object.keys(input.keys) : [];
}
