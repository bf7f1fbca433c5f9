/** The Converse API, both ways: what its clients send and read, and what its vendor answers. */

import type { Dialect } from '../../spec/index.ts';
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

export const bedrockConverse: Dialect = {
	name: DIALECT,
	framing: 'aws-event-stream',
	streamContentType: 'application/vnd.amazon.eventstream',
	streamCharset: 'latin1',
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
	decodeError,
	encodeError,
	encodeStreamError,
};
