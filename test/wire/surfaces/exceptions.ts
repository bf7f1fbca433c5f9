/** A reading that differs for a reason nobody here can help; the test fails when it does not differ. */
export interface Exception {
	/** Dialect of the surface. */
	surface: string;
	ids: readonly string[];
	reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
	{
		surface: 'openai-chat',
		ids: ['mistral-chat-completions-1d8ff4c16844', 'mistral-chat-completions-e47a5db9f0cb'],
		reason: "the vendor's own clients read content in parts, which pass as they are; the official client expects a string",
	},
	{
		surface: 'openai-chat',
		ids: ['cloudflare-chat-completions-dbd6dbd6098d'],
		reason: 'the vendor puts an object where a string belongs, and it passes as it is',
	},
	{
		surface: 'openai-chat',
		ids: ['databricks-chat-completions-5168aa502395'],
		reason: 'a call without arguments passes as the vendor wrote it: an empty text, which is no JSON',
	},
	{
		surface: 'openai-chat',
		ids: ['openai-chat-completions-374e32e1a259'],
		reason: 'a call of 2023 (`function_call`) passes as it is; applications look for it there',
	},
	{
		surface: 'openai-chat',
		ids: ['openrouter-chat-completions-9c47feac4591', 'openrouter-chat-completions-c37cd773a424'],
		reason: 'a remark on a complete answer that the client takes for an error, as it does at the vendor',
	},
	{
		surface: 'openai-chat',
		ids: ['anthropic-messages-ec8cb7578372'],
		reason: "a refusal's explanation is all that was said, and is shown as the refusal",
	},
	{
		surface: 'openai-responses',
		ids: ['anthropic-messages-ec8cb7578372'],
		reason: "a refusal's explanation is all that was said, and is shown as the refusal",
	},
	{
		surface: 'openai-responses',
		ids: ['openai-responses-bc8173f1ca74'],
		reason: 'a call of the local shell has an item of its own, as it does at the vendor',
	},
	{
		surface: 'bedrock-converse',
		ids: ['openai-responses-5f1d979e924e'],
		reason: 'the recorder has shortened the image, which is no base64 any more; this client decodes it',
	},
	{
		surface: 'ollama',
		ids: ['ollama-ollama-generate-709a9698c9f3'],
		reason: 'the vendor leaves the count of a prompt it had kept out, and so it stays',
	},
];

/** Answers that come back from their own dialect otherwise than they came. */
export const RETOLD: readonly Omit<Exception, 'surface'>[] = [
	{
		ids: ['ai21-chat-completions-45cab963c37b'],
		reason: 'the vendor states no model and no time; clients need them and get them',
	},
	{
		ids: [
			'azure-ai-chat-completions-c7336d17fc7e',
			'cloudflare-chat-completions-b9ae699244df',
			'databricks-chat-completions-5168aa502395',
			'databricks-chat-completions-9ea2fd5a43dc',
			'perplexity-chat-completions-b6da3c2d057c',
			'xai-chat-completions-8f03ec9dce00',
		],
		reason: 'the role stands on the first chunk, whichever chunks the vendor repeats it on or leaves it out of',
	},
	{
		ids: [
			'openai-chat-completions-0a8a27611043',
			'openai-chat-completions-ee93b0307fe2',
			'snowflake-chat-completions-01b9c5aea46d',
		],
		reason: 'the vendor states no finish reason; clients need one and get it',
	},
];
