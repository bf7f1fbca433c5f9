import type { HarmlessLoss } from './losses.ts';

/** What is looked at in an answer. */
export type AnswerCheck = 'own client' | 'other client' | 'lanes' | 'own dialect';

/** A deviation that is known and right, or that nobody can help. `problem` matches every line it explains. */
export interface Exception {
	checks: readonly AnswerCheck[];
	ids: readonly string[];
	problem: RegExp;
	reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
	{
		checks: ['own client'],
		ids: ['anthropic-messages-2df209b4459d', 'anthropic-messages-eb2709930c85', 'anthropic-messages-ec8cb7578372'],
		problem: /^without Relais the client fails: stream ended/,
		reason: 'the recording lacks its last line end: the official client misses the last event, Relais completes it',
	},
	{
		checks: ['own client'],
		ids: ['huggingface-chat-completions-2a6541fe345d', 'hyperbolic-chat-completions-3841eccd466c'],
		problem:
			/^the lane was none|^status 400 in place of 422|^the message is "400 'messages' is required|^BadRequestError in place/,
		reason: 'the request has no messages: Relais refuses it as the vendor did, before asking the vendor',
	},
	{
		checks: ['own client'],
		ids: ['groq-chat-completions-4a065ea10c2c'],
		problem: /^BadRequestError in place of APIError$/,
		reason: 'the stream is nothing but an error: Relais can still answer with the status the error states',
	},
	{
		checks: ['own client'],
		ids: ['openrouter-chat-completions-9c47feac4591', 'openrouter-chat-completions-c37cd773a424'],
		problem: /^the dialect sees no error$/,
		reason: 'an error after the finish reason is a remark on a complete answer: a warning on the other surface',
	},
	{
		checks: ['own client'],
		ids: [
			...['223a75f9e319', '3dc8b52946cd', '5a6e918a8a78', '8f03ec9dce00', '9c8a8e4fdd8e', 'ec65acb609ae', 'ee0834c3d799'].map(
				(hash) => `xai-chat-completions-${hash}`,
			),
			'google-chat-completions-acd2232b5c0e',
			'google-chat-completions-affaa4b653ee',
		],
		problem: /^by the dialect, usage: /,
		reason: 'the vendor leaves reasoning out of completion_tokens and counts it in the total only',
	},
	{
		checks: ['own client'],
		ids: ['azure-ai-chat-completions-c7336d17fc7e'],
		problem: /^by the dialect, usage: /,
		reason: 'more cached than prompt tokens: the vendor counts cached tokens apart',
	},
	{
		checks: ['own client'],
		ids: ['mistral-chat-completions-b1b4233c48f1'],
		problem: /^by the dialect, usage: /,
		reason: 'the vendor states cached tokens in a field of its own',
	},
	{
		checks: ['other client'],
		ids: ['anthropic-messages-ec8cb7578372'],
		problem: /^text: "This request was refused|^finish: "stop" in place of "content_filter"/,
		reason: "a refusal's explanation is shown as the refusal of the other surface, which ends with stop",
	},
	{
		checks: ['other client', 'lanes', 'own dialect'],
		ids: ['openai-chat-completions-ee93b0307fe2'],
		problem: /finish: |stop\.raw: |finish_reason: /,
		reason: 'a preview of 2023 states finish_details and no finish_reason: clients get both',
	},
	{
		checks: ['lanes', 'own dialect'],
		ids: ['openai-chat-completions-0a8a27611043', 'snowflake-chat-completions-01b9c5aea46d'],
		problem: /stop\.raw: |^choices\.0\.finish: /,
		reason: 'the end mark came without a finish reason: clients get one',
	},
	{
		checks: ['lanes', 'own dialect'],
		ids: ['ai21-chat-completions-45cab963c37b'],
		problem: /fields\.(object|created|model): |response\.(model|createdAt): /,
		reason: 'object, created, model or role are missing: official clients need them and get them',
	},
	{
		checks: ['own dialect'],
		ids: [
			'moonshotai-chat-completions-3fe664a1a7c4',
			'zai-chat-completions-162464fd7421',
			'cloudflare-chat-completions-b9ae699244df',
			'mistral-chat-completions-38a83f2aee7a',
		],
		problem: /fields\.object: |delta\.role: /,
		reason: 'object, created, model or role are missing: official clients need them and get them',
	},
	{
		checks: ['own dialect'],
		ids: ['groq-chat-completions-4a065ea10c2c', 'groq-chat-completions-9a175d06997c'],
		problem: /^fields\.error\[0\]\.param: null/,
		reason: 'the error lacks param: official clients read it and get null',
	},
];

const isString =
	(...values: string[]) =>
	(value: unknown): boolean =>
		typeof value === 'string' && values.includes(value);

/** Requests that the other dialect cannot put at all: refused with a reason, so that another target may be tried. */
export const REFUSED: { readonly [id: string]: RegExp } = {
	'anthropic-messages-b8d04a190780': /^invalid_request: 'messages\[0\]' must be an object/,
	'huggingface-chat-completions-2a6541fe345d': /^invalid_request: 'messages' is required/,
	'hyperbolic-chat-completions-3841eccd466c': /^invalid_request: 'messages' is required/,
	'openai-chat-completions-2c9b896843ad': /^unsupported: Only one answer/,
	'openai-chat-completions-5a2893c095b2': /^unsupported: Only one answer/,
	'openai-chat-completions-6ed0ad60c09e': /^unsupported: Only one answer/,
	'openai-chat-completions-85378a72a478': /^unsupported: Only one answer/,
	'openai-chat-completions-90d45b50b7a3': /^unsupported: The file .* was uploaded to another vendor/,
	'openai-chat-completions-de35036159ba': /^unsupported: Audio is not taken/,
	'openrouter-chat-completions-d97c1590b7d7': /^unsupported: Video is not taken/,
};

/** Values of requests that say nothing the other dialect does not say by itself. */
export const HARMLESS: readonly HarmlessLoss[] = [
	{
		place: /^chat .*\.(cache_control\.type|prompt_cache_breakpoint\.mode)$/,
		value: isString('ephemeral', 'explicit'),
		reason: 'the one kind of cache hint there is; the hint itself is carried',
	},
	{ place: /^chat messages\[\]\.name$/, value: isString('add'), reason: "a tool message repeats the name of its call's tool" },
	{ place: /^chat messages\[\]\.tool_calls\[\]\.index$/, reason: 'the place of a call, which its order says too' },
	{
		place: /^chat response_format\.json_schema\.name$/,
		reason: 'a label for the schema; the schema itself is carried',
	},
	{
		place: /^chat response_format\.json_schema\.strict$/,
		value: (value) => value === true,
		reason: 'the Messages API always holds the answer to the schema',
	},
	{
		place: /^chat stream_options\.include_usage$/,
		value: (value) => value === true,
		reason: 'the Messages API always states usage',
	},
	{ place: /^chat parallel_tool_calls$/, value: (value) => value === false, reason: 'the request has no tools' },
	{ place: /^chat top_logprobs$/, reason: 'goes with logprobs, which a warning names' },
];
