import { isObject } from '../../lib/json.ts';
import type { JsonObject, TokenCounting } from '../../spec/index.ts';
import { protocol } from '../shared/index.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';

/** Fields that a count of tokens takes (openai SDK 7.55, `InputTokenCountParams`). */
const COUNTED: ReadonlySet<string> = new Set([
	...['conversation', 'input', 'instructions', 'model', 'parallel_tool_calls', 'previous_response_id', 'reasoning', 'text'],
	...['tool_choice', 'tools', 'truncation'],
]);

/** `POST /responses/input_tokens` */
export const counting: TokenCounting = {
	decodeRequest,
	encodeRequest(request, context) {
		const { value, warnings } = encodeRequest(request, context);
		const body: JsonObject = {};
		for (const key in value) if (COUNTED.has(key)) body[key] = value[key];
		return { value: body, warnings };
	},
	decodeAnswer(body) {
		if (isObject(body) && typeof body.input_tokens === 'number') return body.input_tokens;
		throw protocol("The answer to a count of tokens has no 'input_tokens'.");
	},
	encodeAnswer: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
};
