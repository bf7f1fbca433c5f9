import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import { list, number, text } from '../../core/json.ts';
import type { Shape } from '../../core/shape.ts';
import { text as anyText, nullable, object, values } from '../../core/shapekit.ts';
import { countTokens } from '../../core/tokens.ts';
import type { Problem } from '../../core/types.ts';
import { vector, written } from '../../core/vectors.ts';
import type { OpenAIModel } from '../models.ts';
import type { MakeProblem } from '../problems.ts';

/** Inputs and tokens that one request may hold. */
const MOST = 2048;
const MOST_TOKENS = 300_000;

const TOKEN: Shape = { is: 'integer', min: 0 };
const ITEM: Shape = { is: 'either', of: [anyText, TOKEN, { is: 'array', min: 1, of: TOKEN }] };

/** The body of `/v1/embeddings`. */
export const EMBEDDINGS: Shape = object(
	{
		model: anyText,
		input: {
			is: 'either',
			of: [
				{ is: 'string', nonEmpty: true },
				{ is: 'array', min: 1, of: ITEM },
			],
		},
		encoding_format: values('float', 'base64'),
		dimensions: { is: 'integer' },
		user: nullable(anyText),
	},
	'model',
	'input',
);

/** The body of Mistral's `/v1/embeddings`. */
export const MISTRAL_EMBEDDINGS: Shape = object(
	{
		model: anyText,
		input: { is: 'either', of: [anyText, { is: 'array', min: 1, of: anyText }] },
		encoding_format: nullable(values('float', 'base64')),
		output_dimension: nullable({ is: 'integer', min: 1 }),
		output_dtype: values('float', 'int8', 'uint8', 'binary', 'ubinary'),
		metadata: nullable({ is: 'object', keys: {}, open: true }),
	},
	'model',
	'input',
);

/** One input: a text, or tokens of one. */
function inputsOf({ input }: JsonObject): JsonValue[] {
	if (typeof input === 'string') return [input];
	const items = list(input);
	// A list of numbers is one text in tokens.
	return items.length > 0 && items.every((item) => typeof item === 'number') ? [items] : items;
}

function tokensOf(input: JsonValue): number {
	return Array.isArray(input) ? input.length : countTokens(text(input));
}

function sizeProblem(request: JsonObject, model: OpenAIModel, make: MakeProblem): Problem | undefined {
	const size = number(request.dimensions) ?? number(request.output_dimension);
	if (size === undefined) return undefined;
	if (model.fixedSize === true) return make('This model does not support specifying dimensions.');
	if (size < 1) return make(`${size} is less than the minimum of 1 - 'dimensions'`);
	const most = model.dimensions ?? size;
	return size > most ? make(`Invalid value for 'dimensions' = ${size}. Must be less than or equal to ${most}.`) : undefined;
}

/** What is wrong with a request for vectors. */
export function embeddingProblem(request: JsonObject, model: OpenAIModel, make: MakeProblem): Problem | undefined {
	if (model.serves !== 'embeddings') return make('You are not allowed to generate embeddings from this model', { status: 403 });
	const inputs = inputsOf(request);
	if (inputs.length > MOST) {
		return make(
			`Invalid 'input': array too long. Expected an array with maximum length ${MOST}, but got an array with length ${inputs.length} instead.`,
			{ param: 'input', code: 'array_above_max_length' },
		);
	}
	const wrong = sizeProblem(request, model, make);
	if (wrong !== undefined) return wrong;
	if (inputs.some((input) => input === '')) return make("Invalid 'input': input cannot be an empty string.", { param: 'input' });
	const longest = Math.max(...inputs.map(tokensOf));
	if (longest > model.window) {
		return make(
			`This model's maximum context length is ${model.window} tokens, however you requested ${longest} tokens ` +
				`(${longest} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.`,
		);
	}
	const total = inputs.reduce<number>((sum, input) => sum + tokensOf(input), 0);
	if (total <= MOST_TOKENS) return undefined;
	return make(`Requested ${total} tokens, max ${MOST_TOKENS} tokens per request`, {
		type: 'max_tokens_per_request',
		code: 'max_tokens_per_request',
	});
}

/** The vectors of a request that is in order, and the tokens they cost. */
export function embeddings(request: JsonObject, model: OpenAIModel): { data: JsonObject[]; tokens: number } {
	const inputs = inputsOf(request);
	const size = number(request.dimensions) ?? number(request.output_dimension) ?? model.dimensions ?? 0;
	const type = request.encoding_format === 'base64' ? 'base64' : text(request.output_dtype) || 'float';
	const data = inputs.map((input, index) => {
		const embedding = written(vector(`${model.id}/${JSON.stringify(input)}`, size), type);
		return { object: 'embedding', index, embedding };
	});
	return { data, tokens: inputs.reduce<number>((sum, input) => sum + tokensOf(input), 0) };
}
