import type { JsonObject } from '../../../spec/index.ts';
import { isObject, object, objects, text } from '../../core/json.ts';
import { problem } from '../problems.ts';
import type { Rule } from './rule.ts';

const DOCUMENT_NAME = /^(?!.*\s\s)[a-zA-Z0-9\s()[\]-]+$/;

/** Every block of the conversation, those inside tool results too. */
function allBlocks(request: JsonObject): JsonObject[] {
	return objects(request.messages).flatMap((message) =>
		objects(message.content).flatMap((block) => [block, ...objects(object(block.toolResult).content)]),
	);
}

/** Files, their names and what goes with them. */
export const files: Rule = ({ request, model }) => {
	const blocks = allBlocks(request);
	const abilityOf: { [member: string]: boolean } = {
		image: model.vision,
		document: model.documents,
		video: model.id.includes('nova-'),
		audio: false,
	};
	for (const block of blocks) {
		const member = Object.keys(abilityOf).find((name) => block[name] !== undefined && abilityOf[name] === false);
		if (member !== undefined) {
			return problem(
				`This model doesn't support the ${member} content block that you provided. Update the content block and try again.`,
			);
		}
		const inS3 = ['image', 'document'].some((name) => object(object(block[name]).source).s3Location !== undefined);
		if (inS3 && !model.id.includes('nova-'))
			return problem("This model doesn't support the s3Uri field. Remove s3Uri and try again.");
	}
	const names = blocks.flatMap((block) => (isObject(block.document) ? [text(block.document.name)] : []));
	if (names.some((name) => !DOCUMENT_NAME.test(name))) {
		return problem(
			"The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.",
		);
	}
	if (new Set(names).size < names.length)
		return problem('Messages cannot contain documents with duplicate names. Use unique names and try again.');
	const wordless = objects(request.messages).findIndex((message) => {
		const own = objects(message.content);
		return (
			own.some((block) => block.document !== undefined) &&
			!own.some((block) => block.text !== undefined || block.toolResult !== undefined)
		);
	});
	return wordless < 0
		? undefined
		: problem(
				`A text block must be included in the message at messages.${wordless} with its documents. Add a text block and try again.`,
			);
};

/** Where prompts may be cached. */
export const caching: Rule = ({ request, model }) => {
	const points = {
		system: objects(request.system).some((block) => block.cachePoint !== undefined),
		tools: objects(object(request.toolConfig).tools).some((tool) => tool.cachePoint !== undefined),
		messages: allBlocks(request).some((block) => block.cachePoint !== undefined),
	};
	const refused = Object.entries(points).some(([field, there]) => there && !model.caches.includes(field));
	if (!refused) return undefined;
	const message =
		'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.';
	return problem(message, 'AccessDeniedException');
};
