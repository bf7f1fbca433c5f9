import type { Framing } from '../spec/index.ts';
import { AwsEventStreamScanner } from './aws-event-stream.ts';
import type { FrameScanner } from './frames.ts';
import { JsonArrayScanner } from './json-array.ts';
import { NdjsonScanner } from './ndjson.ts';
import { SseScanner } from './sse.ts';

const SCANNERS: { [framing in Framing]: (limit?: number) => FrameScanner } = {
	sse: (limit) => new SseScanner(limit),
	'aws-event-stream': (limit) => new AwsEventStreamScanner(limit),
	ndjson: (limit) => new NdjsonScanner(limit),
	'json-array': (limit) => new JsonArrayScanner(limit),
};

/** A scanner for one body. @param limit greatest size of one frame, in bytes (default 16 MiB) */
export function frameScanner(framing: Framing, limit?: number): FrameScanner {
	return SCANNERS[framing](limit);
}
