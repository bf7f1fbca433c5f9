import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import { isObject, list, object as objectOf, text } from '../../core/json.ts';
import type { Shape } from '../../core/shape.ts';
import { text as anyText, listOf, object, variant } from '../../core/shapekit.ts';

const PART = variant({
	text: object({ type: anyText, text: anyText }, 'text'),
	image_url: object({ type: anyText, image_url: object({ url: anyText }, 'url') }, 'image_url'),
});

/** The body of `/v1/moderations`. */
export const MODERATIONS: Shape = object(
	{
		model: anyText,
		input: { is: 'either', of: [anyText, listOf({ is: 'either', of: [anyText, PART] }, 1)] },
	},
	'input',
);

/** Categories, and words that put a text into them. */
const CATEGORIES: { [category: string]: RegExp } = {
	harassment: /\bharass/i,
	'harassment/threatening': /\bthreaten/i,
	sexual: /\bsexual/i,
	hate: /\bhate\b|\bhateful/i,
	'hate/threatening': /\bhateful threat/i,
	illicit: /\billicit/i,
	'illicit/violent': /\billicit weapon/i,
	'self-harm/intent': /\bharm myself/i,
	'self-harm/instructions': /\bhow to self-harm/i,
	'self-harm': /\bself-harm|\bharm myself/i,
	'sexual/minors': /\bsimulated minor/i,
	violence: /\bkill\b|\bviolen/i,
	'violence/graphic': /\bgraphic violence/i,
};

function result(said: string, images: boolean): JsonObject {
	const categories: JsonObject = {};
	const category_scores: JsonObject = {};
	const category_applied_input_types: JsonObject = {};
	for (const category in CATEGORIES) {
		const met = CATEGORIES[category]?.test(said) === true;
		categories[category] = met;
		category_scores[category] = met ? 0.97 : 0.00001;
		category_applied_input_types[category] = images ? ['text', 'image'] : ['text'];
	}
	const flagged = Object.values(categories).includes(true);
	return { flagged, categories, category_scores, category_applied_input_types };
}

function textOf(part: JsonValue): string {
	return typeof part === 'string' ? part : text(objectOf(part).text);
}

/** One result for each text, or one for a list of parts. */
export function moderated({ input }: JsonObject): JsonObject[] {
	const items = typeof input === 'string' ? [input] : list(input);
	if (!items.some(isObject)) return items.map((item) => result(textOf(item), false));
	const images = items.some((item) => objectOf(item).type === 'image_url');
	return [result(items.map(textOf).join('\n'), images)];
}
