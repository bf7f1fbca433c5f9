import type { JsonObject } from '../../spec/index.ts';
import type { Exchange, Wire } from '../core/exchange.ts';
import type { Shape, Violation } from '../core/shape.ts';
import type { Problem } from '../core/types.ts';
import type { OpenAIModel } from './models.ts';
import type { MakeProblem } from './problems.ts';
import type { Rule } from './rules.ts';
import type { Style } from './style.ts';

/** What tells the vendors of this protocol apart, as data. */
export interface Traits {
	/** No key is asked for. */
	open: boolean;
	/** What paths begin with; default `/v1`. */
	base?: string;
	catalog: ReadonlyMap<string, OpenAIModel>;
	make: MakeProblem;
	wire: Wire;
	/** The body of a chat request, and whether keys it does not know pass. */
	shape: Shape;
	lenient: boolean;
	violation(violation: Violation): Problem;
	/** Rules beyond the shape, in order. */
	rules: readonly Rule[];
	/** The error of a call with a wrong key, or (empty) with none. */
	wrongKey(given: string, exchange: Exchange): Problem;
	noModel(id: string): Problem;
	noPath(method: string, path: string): Problem;
	/** A model as the list shows it. */
	listed(model: OpenAIModel): JsonObject;
	/** The Responses API is there too. */
	responses: boolean;
	style: Style;
	/** Its form of embeddings: what it takes, and how answers begin and what they say of their cost. */
	embeddings: { shape: Shape; head(seed: string): JsonObject; usage(tokens: number): JsonObject };
}
