import type { JsonObject } from '../../spec/index.ts';
import { text } from '../core/json.ts';
import type { Outcome } from '../core/outcome.ts';
import { countTokens, streamPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';

/** A prediction that was asked for. */
export interface Prediction {
	id: string;
	model: string;
	input: JsonObject;
	outcome: Outcome;
	createdAt: string;
	/** Until it was looked at, it has only begun. */
	done: boolean;
	canceled: boolean;
}

/** A prediction as the API tells of it; `base`: the address its own ones begin with. */
export function bodyOf({ id, model, input, outcome, createdAt, done, canceled }: Prediction, base: string): JsonObject {
	const url = `${base}/v1/predictions/${id}`;
	const ended = { started_at: createdAt, completed_at: createdAt };
	const metrics = {
		predict_time: 0.001,
		input_token_count: countTokens(text(input.prompt)),
		output_token_count: outcome.outputTokens,
	};
	const finished = done && !canceled;
	return {
		id,
		model,
		version: 'hidden',
		input,
		logs: '',
		output: finished ? wordPieces(outcome.text) : null,
		data_removed: false,
		error: null,
		source: 'api',
		status: canceled ? 'canceled' : done ? 'succeeded' : 'starting',
		created_at: createdAt,
		...(done || canceled ? ended : {}),
		...(finished ? { metrics } : {}),
		urls: { cancel: `${url}/cancel`, get: url, stream: `${url}/stream`, web: url },
	};
}

/** Its text as a stream, as it is, each of its lines in a `data:` of its own. `chunks`: into how many pieces to cut it. */
export function framesOf({ outcome }: Prediction, chunks: number | undefined): Frame[] {
	const pieces = streamPieces(outcome.text, chunks);
	const frames = pieces.map((piece, index): Frame => {
		const lines = piece.split('\n').map((line) => `data: ${line}\n`);
		return { text: `event: output\nid: ${index + 1}:0\n${lines.join('')}\n`, part: 'delta', tokens: piece.length / 4 };
	});
	return [...frames, { text: 'event: done\nid: 0:0\ndata: {}\n\n', part: 'end', tokens: 0 }];
}
