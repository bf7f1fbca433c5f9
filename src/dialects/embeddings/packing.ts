import { type EmbedRequest, type JsonObject, RelaisError, type VectorType } from '../../spec/index.ts';
import { type Fields, type Losses, read } from '../shared/index.ts';

type Wanted = Pick<EmbedRequest, 'types' | 'packed'>;

/** How a format says which numbers are wanted and whether packed. */
export interface Packing {
	take(fields: Fields): Wanted;
	put(wire: JsonObject, request: EmbedRequest, losses: Losses): void;
}

/** Words that say both at once. `base64` alone packs floats. */
const FORMS: { readonly [word: string]: Wanted } = {
	float: {},
	base64: { packed: true },
	base64_int8: { packed: true, types: ['int8'] },
	base64_binary: { packed: true, types: ['ubinary'] },
};
const FORM_WORDS = Object.keys(FORMS);

function only({ types }: EmbedRequest): VectorType {
	if (types === undefined || types.length === 1) return types?.[0] ?? 'float';
	throw new RelaisError('unsupported', 'Only one type of vectors can be asked for at a time.', { param: 'embedding_types' });
}

/** `encoding_format` alone, with which plain numbers are always floats. */
export const encodingFormat: Packing = {
	take(fields) {
		const word = fields.take('encoding_format', read.oneOf(FORM_WORDS));
		if (word === 'float') fields.keep('encoding_format');
		return FORMS[word ?? 'float'] ?? {};
	},
	put(wire, request) {
		const type = only(request);
		const word = FORM_WORDS.find(
			(each) => (FORMS[each]?.types?.[0] ?? 'float') === type && (type !== 'float' || FORMS[each]?.packed === request.packed),
		);
		if (word === undefined)
			throw new RelaisError('unsupported', `The model makes no vectors of type '${type}'.`, { param: 'embedding_types' });
		// Not every server of the format knows the field: what is the default goes unsaid.
		if (word !== 'float') wire.encoding_format = word;
	},
};

const TYPES = ['float', 'int8', 'uint8', 'binary', 'ubinary'] as const satisfies readonly VectorType[];

const TYPES_AND_BASE64 = [...TYPES, 'base64'] as const;

/** A type in `output_dtype`, and `encoding_format`, which can only be base64. */
export const typeAndEncoding: Packing = {
	take(fields) {
		const type = fields.take('output_dtype', read.oneOf(TYPES));
		const form = fields.take('encoding_format', read.oneOf(['float', 'base64']));
		if (form === 'float') fields.keep('encoding_format');
		return { ...(type === undefined ? {} : { types: [type] }), ...(form === 'base64' ? { packed: true } : {}) };
	},
	put(wire, request) {
		if (request.types !== undefined) wire.output_dtype = only(request);
		if (request.packed === true) wire.encoding_format = 'base64';
	},
};

/** One word in `embedding_type`: a type, or `base64` for packed floats. */
export const embeddingType: Packing = {
	take(fields) {
		const word = fields.take('embedding_type', read.oneOf(TYPES_AND_BASE64));
		if (word === undefined) return {};
		return word === 'base64' ? { packed: true } : { types: [word] };
	},
	put(wire, request) {
		const type = only(request);
		if (type !== 'float') wire.embedding_type = type;
		else if (request.packed === true) wire.embedding_type = 'base64';
		else if (request.types !== undefined) wire.embedding_type = 'float';
	},
};
