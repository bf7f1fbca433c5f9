import type { JsonObject } from '../../../spec/index.ts';
import type { MessagesHost } from '../../core/hosted.ts';
import type { Problem } from '../../core/types.ts';
import type { BedrockModel } from '../models.ts';
import { problem } from '../problems.ts';

/** What a rule looks at. */
export interface Asked {
	request: JsonObject;
	model: BedrockModel;
	/** The model's own name at its maker. */
	name: string;
	streaming: boolean;
	host: MessagesHost;
}

/** A rule beyond the request's shape. */
export type Rule = (asked: Asked) => Problem | undefined;

/** The model has no such field. */
export function unsupported(field: string): Problem {
	return problem(`This model doesn't support the ${field} field. Remove ${field} and try again.`);
}
