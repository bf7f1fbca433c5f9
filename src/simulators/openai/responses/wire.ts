import type { JsonObject } from '../../../spec/index.ts';
import type { Wire } from '../../core/exchange.ts';
import { cloudProblem } from '../problems.ts';
import { openaiWire } from '../wire.ts';
import { FAILED } from './body.ts';

function event(type: string, fields: JsonObject): string {
	return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** How this API's streams go wrong; its headers and errors are the vendor's usual ones. */
export const responsesWire: Wire = {
	...openaiWire(cloudProblem, false),
	errorEvent: (before) => {
		const error = { type: 'server_error', ...FAILED, param: null };
		return event('error', { sequence_number: before, error });
	},
	hugeEvent: (bytes, before) => {
		const place = { item_id: 'msg_huge', output_index: 0, content_index: 0, logprobs: [] };
		return event('response.output_text.delta', { ...place, delta: 'x'.repeat(bytes), sequence_number: before });
	},
};
