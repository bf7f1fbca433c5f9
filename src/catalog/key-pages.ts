/** Where the vendors hand out keys, by catalog id; vendors not named here say so in their documentation. */
const KEY_PAGES: { readonly [providerId: string]: string } = {
	openai: 'https://platform.openai.com/api-keys',
	anthropic: 'https://platform.claude.com/settings/keys',
	gemini: 'https://aistudio.google.com/apikey',
	xai: 'https://console.x.ai',
	mistral: 'https://console.mistral.ai/api-keys',
	deepseek: 'https://platform.deepseek.com/api_keys',
	groq: 'https://console.groq.com/keys',
	cerebras: 'https://cloud.cerebras.ai',
	cohere: 'https://dashboard.cohere.com/api-keys',
	openrouter: 'https://openrouter.ai/settings/keys',
	huggingface: 'https://huggingface.co/settings/tokens',
	perplexity: 'https://www.perplexity.ai/settings/api',
	'nvidia-nim': 'https://build.nvidia.com',
	replicate: 'https://replicate.com/account/api-tokens',
	voyage: 'https://dashboard.voyageai.com',
	'ollama-cloud': 'https://ollama.com/settings/keys',
	'cloudflare-workers-ai': 'https://dash.cloudflare.com/profile/api-tokens',
	'cloudflare-ai-gateway': 'https://dash.cloudflare.com/profile/api-tokens',
	'azure-openai': 'https://portal.azure.com',
	'azure-ai-foundry': 'https://ai.azure.com',
	'microsoft-copilot': 'https://portal.azure.com',
	'aws-bedrock': 'https://console.aws.amazon.com/bedrock/home#/api-keys',
	'vertex-ai': 'https://console.cloud.google.com/iam-admin/serviceaccounts',
	watsonx: 'https://cloud.ibm.com/iam/apikeys',
	scaleway: 'https://console.scaleway.com/iam/api-keys',
};

/** The page on which a vendor hands out keys; undefined where only its documentation is known. */
export function keyPage(providerId: string): string | undefined {
	return Object.hasOwn(KEY_PAGES, providerId) ? KEY_PAGES[providerId] : undefined;
}
