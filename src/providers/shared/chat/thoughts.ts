import { isObject, omit } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { RuleContext } from '../../rules.ts';

/**
 * Where a vendor wants the reasoning of earlier turns: a plain field (`reasoning_content`, `reasoning`), tags at the head of the text
 * (`tags`), chunks of type `thinking` before it (`chunks`), or nowhere (`none`). `details`: where it stands, structure and all.
 */
export type ThoughtForm = 'reasoning_content' | 'reasoning' | 'details' | 'tags' | 'chunks' | 'none';

const FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;
const ALL: ReadonlySet<string> = new Set(FIELDS);

function textOf(value: JsonValue | undefined): string {
	if (typeof value === 'string') return value;
	if (!Array.isArray(value)) return '';
	return value
		.map((detail) => (isObject(detail) ? (detail.text ?? detail.summary) : undefined))
		.filter((text) => typeof text === 'string')
		.join('');
}

function partsOf(content: JsonValue | undefined): JsonValue[] {
	if (Array.isArray(content)) return content;
	return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : [];
}

const WRITERS: { readonly [form in ThoughtForm]?: (bare: JsonObject, text: string) => JsonObject } = {
	reasoning_content: (bare, text) => ({ ...bare, reasoning_content: text }),
	reasoning: (bare, text) => ({ ...bare, reasoning: text }),
	tags: (bare, text) => {
		const tagged = `<think>${text}</think>`;
		const { content } = bare;
		if (Array.isArray(content)) return { ...bare, content: [{ type: 'text', text: tagged }, ...content] };
		return { ...bare, content: typeof content === 'string' ? tagged + content : tagged };
	},
	chunks: (bare, text) => ({
		...bare,
		content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }, ...partsOf(bare.content)],
	}),
};

/** An assistant message with its reasoning where the vendor wants it; the same message where it is there already. */
export function withThoughts(message: JsonObject, form: ThoughtForm, path: string, context: RuleContext): JsonObject {
	const fields = FIELDS.filter((field) => message[field] !== undefined);
	if (fields.length === 0) return message;
	if (form === 'details') {
		if (message.reasoning_content === undefined) return message;
		const { reasoning_content: flat, ...rest } = message;
		return rest.reasoning !== undefined || rest.reasoning_details !== undefined ? rest : { ...rest, reasoning: flat };
	}
	if (fields.length === 1 && fields[0] === form) return message;
	const text = textOf(message.reasoning_content) || textOf(message.reasoning) || textOf(message.reasoning_details);
	const bare = omit(message, ALL);
	const write = WRITERS[form];
	if (text !== '' && write !== undefined && context.traits.reasoning !== 'none') return write(bare, text);
	const said = text !== '' || (Array.isArray(message.reasoning_details) && message.reasoning_details.length > 0);
	const [field] = fields;
	if (said) context.warn({ kind: 'dropped', path: `${path}.${field}`, message: `${context.model} takes no earlier reasoning` });
	return bare;
}
