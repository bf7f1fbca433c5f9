/** Version 2 of the chat API of Cohere, both ways: what clients of `/v2/chat` send and read, and what its vendor answers. */

import type { Dialect } from '../../spec/index.ts';
import { DIALECT } from './dialect.ts';
import { decodeError, encodeError, encodeStreamError } from './errors.ts';
import { locate } from './locate.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { decodeResponse } from './response-decode.ts';
import { encodeResponse } from './response-encode.ts';
import { sketch } from './sketch.ts';
import { streamDecoder } from './stream-decode.ts';
import { streamEncoder } from './stream-encode.ts';
import { streamTap, tapResponse } from './tap.ts';

export const cohere: Dialect = {
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
