import type { RunningSimulator } from './core/types.ts';

/** A line to paste that streams an answer from a simulator. */
export function curlLine({ kind, baseUrl, apiKey, models }: RunningSimulator): string {
	const body = { model: models[0], stream: true, messages: [{ role: 'user', content: 'Hello' }] };
	if (kind === 'openai') {
		return `curl -N ${baseUrl}/chat/completions -H 'authorization: Bearer ${apiKey}' -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
	}
	if (kind === 'gemini') {
		const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
		const address = `${baseUrl}/models/${models[0]}:streamGenerateContent?alt=sse`;
		return `curl -N '${address}' -H 'x-goog-api-key: ${apiKey}' -H 'content-type: application/json' -d '${JSON.stringify({ contents })}'`;
	}
	const data = JSON.stringify({ ...body, max_tokens: 1024 });
	return `curl -N ${baseUrl}/messages -H 'x-api-key: ${apiKey}' -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json' -d '${data}'`;
}
