import type { JsonObject } from '../../spec/index.ts';
import { digest } from '../core/ids.ts';
import { list, number, text } from '../core/json.ts';
import { firstViolation, type Shape } from '../core/shape.ts';
import { text as anyText, flag, listOf, object, values } from '../core/shapekit.ts';
import { countTokens } from '../core/tokens.ts';
import type { Problem } from '../core/types.ts';
import { TYPES, vector, written } from '../core/vectors.ts';
import type { BedrockModel } from './models.ts';
import { problem, violationProblem } from './problems.ts';

/** An answer with vectors, and what it cost. */
export interface Embedded {
	body: JsonObject;
	tokens: number;
}

/** A maker's form of request for vectors. */
interface Form {
	shape(model: BedrockModel): Shape;
	answer(request: JsonObject, model: BedrockModel): Embedded | Problem;
}

function sizeOf(asked: number | undefined, model: BedrockModel, field: string): number | Problem {
	const size = asked ?? model.dimensions[0] ?? 0;
	if (model.dimensions.includes(size)) return size;
	return problem(
		`Malformed input request: #/${field}: ${size} is not a valid enum value, please reformat your input and try again.`,
	);
}

const titan: Form = {
	shape: () =>
		object(
			{
				inputText: { is: 'string', nonEmpty: true, maxLength: 50_000 },
				dimensions: { is: 'integer' },
				normalize: flag,
				embeddingTypes: listOf(values('float', 'binary'), 1),
			},
			'inputText',
		),
	answer: (request, model) => {
		const size = sizeOf(number(request.dimensions), model, 'dimensions');
		if (typeof size !== 'number') return size;
		const said = text(request.inputText);
		const made = vector(`${model.id}/${said}`, size);
		const scale = request.normalize === false ? 8 : 1;
		const float = made.map((value) => value * scale);
		const bits = made.map((value) => (value > 0 ? 1 : 0));
		const types = request.embeddingTypes === undefined ? ['float'] : list(request.embeddingTypes);
		const embeddingsByType: JsonObject = {};
		if (types.includes('float')) embeddingsByType.float = float;
		if (types.includes('binary')) embeddingsByType.binary = bits;
		const inputTextTokenCount = countTokens(said);
		const plain: JsonObject = types.includes('float') ? { embedding: float } : {};
		return { body: { ...plain, embeddingsByType, inputTextTokenCount }, tokens: inputTextTokenCount };
	},
};

const MOST_TEXTS = 96;

const cohere: Form = {
	shape: (model) =>
		object(
			{
				texts: { is: 'array', min: 1, max: MOST_TEXTS, of: anyText },
				input_type: values('search_document', 'search_query', 'classification', 'clustering', 'image'),
				truncate: values('NONE', 'START', 'END', 'LEFT', 'RIGHT'),
				embedding_types: listOf(values(...TYPES), 1),
				...(model.id.includes('embed-v4') ? { output_dimension: { is: 'integer' }, max_tokens: { is: 'integer' } } : {}),
			},
			'texts',
			'input_type',
		),
	answer: (request, model) => {
		const size = sizeOf(number(request.output_dimension), model, 'output_dimension');
		if (typeof size !== 'number') return size;
		const texts = list(request.texts).map(text);
		const made = texts.map((said) => vector(`${model.id}/${text(request.input_type)}/${said}`, size));
		const tokens = texts.reduce((sum, said) => sum + countTokens(said), 0);
		const types = list(request.embedding_types).map(text);
		const id = digest(JSON.stringify(request));
		const byType = Object.fromEntries(types.map((type) => [type, made.map((one) => written(one, type))]));
		const v4 = model.id.includes('embed-v4');
		if (types.length === 0 && !v4) return { body: { embeddings: made, id, response_type: 'embeddings_floats', texts }, tokens };
		const embeddings = types.length === 0 ? { float: made } : byType;
		return { body: { embeddings, id, response_type: 'embeddings_by_type', texts }, tokens };
	},
};

const FORMS: { [maker: string]: Form } = { amazon: titan, cohere };

/** Answers a request for vectors, or says what is wrong with it. */
export function embedded(request: JsonObject, model: BedrockModel): Embedded | Problem {
	const form = FORMS[model.maker];
	if (form === undefined) return problem('The provided model identifier is invalid.');
	const violation = firstViolation(request, form.shape(model));
	if (violation !== undefined) return malformed(violation);
	const answer = form.answer(request, model);
	if ('status' in answer || answer.tokens <= model.window * MOST_TEXTS) return answer;
	return problem(
		`400 Bad Request: Too many input tokens. Max input tokens: ${model.window}, request input token count: ${answer.tokens}`,
	);
}

/** Models word a missing key otherwise than the service does. */
function malformed(violation: Parameters<typeof violationProblem>[0]): Problem {
	if (violation.fault !== 'missing') return violationProblem(violation);
	return problem(
		`Malformed input request: #: required key [${violation.expected}] not found, please reformat your input and try again.`,
	);
}
