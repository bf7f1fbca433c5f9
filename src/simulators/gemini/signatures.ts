import type { JsonObject } from '../../spec/index.ts';
import { seal, sealed } from '../core/ids.ts';
import { isObject, object, objects, text } from '../core/json.ts';
import type { GeminiModel } from './models.ts';

/** Signatures the vendor documents for calls it did not make; they may come encoded once more, as fields of bytes do. */
const DUMMIES = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];
const ACCEPTED = new Set(DUMMIES.flatMap((dummy) => [dummy, Buffer.from(dummy).toString('base64')]));

const PURPOSE = 'gemini thought';

function signedName(part: JsonObject): string {
	return isObject(part.functionCall) ? `call ${text(part.functionCall.name)}` : '';
}

/** The signature of a part: it stays with the call of that name, or with text. `tokens` of thinking make it long. */
export function signature(part: JsonObject, seed: string, tokens: number): string {
	return seal(PURPOSE, signedName(part), seed, 48 + tokens);
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function forged(contents: JsonObject[]): string | undefined {
	for (const [index, content] of contents.entries()) {
		for (const [at, part] of objects(content.parts).entries()) {
			const given = part.thoughtSignature;
			if (typeof given !== 'string' || given === '' || ACCEPTED.has(given)) continue;
			const where = `contents[${index}].parts[${at}].thought_signature`;
			if (!BASE64.test(given)) return `Invalid value at '${where}' (TYPE_BYTES), Base64 decoding failed for "${given}"`;
			// Text is merged and split on its way; the signature of a call stays with the call.
			if (!sealed(PURPOSE, signedName(part), given)) return 'Thought signature is not valid.';
		}
	}
	return undefined;
}

/** Whether a turn is the user's own: more than results of calls. */
function isAsked(content: JsonObject): boolean {
	const parts = objects(content.parts);
	return content.role !== 'model' && parts.some((part) => part.functionResponse === undefined);
}

/** In the current turn, the first call of each step has to come with its signature. */
function missing(contents: JsonObject[]): string | undefined {
	const start = contents.findLastIndex(isAsked);
	for (const [index, content] of contents.entries()) {
		if (index < start || content.role !== 'model') continue;
		const call = objects(content.parts).find((part) => part.functionCall !== undefined);
		if (call === undefined || text(call.thoughtSignature) !== '') continue;
		return (
			'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and ' +
			'missing thought_signature may lead to degraded model performance. Additional data, function call ' +
			`\`default_api:${text(object(call.functionCall).name)}\` , position ${index + 1}. ` +
			'Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.'
		);
	}
	return undefined;
}

/** What is wrong with the signatures sent back. */
export function signatureFault(contents: JsonObject[], model: GeminiModel): string | undefined {
	return forged(contents) ?? (model.generation === 3 ? missing(contents) : undefined);
}
