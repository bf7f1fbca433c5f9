/** OpenAI's Chat Completions, the dialect most vendors speak a variation of. */
import type { Dialect } from '../../spec/index.ts';
import { decodeError, encodeError } from '../shared/openai-errors/index.ts';
import { encodeStreamError } from './errors.ts';
import { locate } from './locate.ts';
import { DIALECT } from './name.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { sketch } from './sketch.ts';
import { streamDecoder } from './stream-decode.ts';
import { streamEncoder } from './stream-encode.ts';
import { streamTap, tapResponse } from './tap.ts';

export { openaiCompletions } from './completions.ts';
export { documentedMessages, documentedTools } from './documented.ts';
export { budgetOfEffort, effortOfBudget, isEffort, nearestEffort } from './effort.ts';
export { askedReasoning } from './reasoning-settings.ts';
export { schemaInPrompt } from './traits.ts';

export const openaiChat: Dialect = {
	name: DIALECT,
	framing: 'sse',
	streamContentType: 'text/event-stream; charset=utf-8',
	sketch,
	decodeRequest,
	encodeRequest,
	locate,
	decodeResponse,
	encodeResponse,
	streamDecoder,
	streamEncoder,
	streamTap,
	tapResponse,
	decodeError,
	encodeError,
	encodeStreamError,
};
