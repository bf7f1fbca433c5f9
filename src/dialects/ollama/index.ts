/** The native API of Ollama, both ways: what clients of `/api/chat` and `/api/generate` send and read, and what servers answer. */

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

export { ollamaGenerate } from './generate.ts';

export const ollama: Dialect = {
	name: DIALECT,
	framing: 'ndjson',
	streamContentType: 'application/x-ndjson',
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
