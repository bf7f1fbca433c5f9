/** OpenAI's Responses, the API of its agents: a conversation is a list of items, and an answer adds to it. */
import type { Dialect } from '../../spec/index.ts';
import { decodeError, encodeError } from '../shared/openai-errors/index.ts';
import { amend } from './amend.ts';
import { counting } from './counting.ts';
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

export { continued, inputItems, type KeptTurn, listedItems, referenceOf, standIn } from './history.ts';
export { answerOfItem } from './ids.ts';

export const openaiResponses: Dialect = {
	name: DIALECT,
	framing: 'sse',
	streamContentType: 'text/event-stream; charset=utf-8',
	sketch,
	decodeRequest,
	encodeRequest,
	locate,
	amend,
	decodeResponse,
	encodeResponse,
	streamDecoder,
	streamEncoder,
	streamTap,
	tapResponse,
	counting,
	decodeError,
	encodeError,
	encodeStreamError,
};
