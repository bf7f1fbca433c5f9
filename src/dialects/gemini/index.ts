/** The Gemini API's `generateContent`, both ways: what clients of `/v1beta/models` send and read, and what its vendors answer. */

import type { Dialect } from '../../spec/index.ts';
import { decodeCount, decodeCountTokens, encodeCount, encodeCountTokens } from './count-tokens.ts';
import { DIALECT } from './dialect.ts';
import { decodeError } from './errors-decode.ts';
import { encodeError, encodeStreamError } from './errors-encode.ts';
import { locate } from './locate.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { sketch } from './sketch.ts';
import { streamDecoder } from './stream-decode.ts';
import { streamEncoder } from './stream-encode.ts';
import { streamTap, tapResponse } from './tap.ts';

export { numberedEnums } from './enums.ts';

export const gemini: Dialect = {
	name: DIALECT,
	framing: 'sse',
	streamContentType: 'text/event-stream',
	modelInPath: true,
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
	counting: {
		decodeRequest: decodeCountTokens,
		encodeRequest: encodeCountTokens,
		decodeAnswer: decodeCount,
		encodeAnswer: encodeCount,
	},
	decodeError,
	encodeError,
	encodeStreamError,
};
