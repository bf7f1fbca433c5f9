import { tryParse } from '../../../src/lib/json.ts';
import type { ChatResponse, ContentPart, RelaisError } from '../../../src/spec/index.ts';
import type { Answer, Surface } from '../../sdk/neutral.ts';
import type { Told } from './corpus.ts';

type Of<T extends ContentPart['type']> = Extract<ContentPart, { type: T }>;

function of<T extends ContentPart['type']>(response: ChatResponse, type: T): Of<T>[] {
	const parts = response.candidates[0]?.content ?? [];
	return parts.filter((part): part is Of<T> => part.type === type);
}

/** What an application sees of an answer whatever client it has. */
interface Essence {
	text: string;
	calls: { name: string; input: unknown }[];
}

function essenceOf(response: ChatResponse): Essence {
	return {
		text: of(response, 'text')
			.map(({ text }) => text)
			.join(''),
		calls: of(response, 'tool-call')
			.filter(({ providerExecuted }) => providerExecuted === undefined)
			.map(({ name, input, kind }) => ({
				name,
				input: kind === 'custom' ? input : (tryParse(input === '' ? '{}' : input) ?? input),
			})),
	};
}

function differing(what: string, seen: unknown, told: unknown): string[] {
	const [a, b] = [JSON.stringify(seen), JSON.stringify(told)];
	return a === b ? [] : [`${what}: ${a?.slice(0, 200)} in place of ${b?.slice(0, 200)}`];
}

/** How an official client's reading of an answer differs from what the vendor said; nothing where it does not. */
export function differences(surface: Surface, seen: Answer, told: Told): string[] {
	const response = told.response();
	const { text, calls } = essenceOf(response);
	const { usage } = response;
	const refused = of(response, 'refusal')
		.map((part) => part.text)
		.join('');
	// Where a surface has no field for it, a refusal is said like any text.
	const inputs = calls.map(({ name, input }, at) => {
		const shown = seen.calls[at]?.input;
		// Free text goes into the one field of a tool where a surface knows no free text.
		const wrapped = typeof input === 'string' && JSON.stringify(shown) === JSON.stringify({ input });
		return { name, input: wrapped ? shown : input };
	});
	const problems = [
		...(refused !== '' && seen.text === text + refused ? [] : differing('text', seen.text, text)),
		...differing(
			'calls',
			seen.calls.map(({ name, input }) => ({ name, input })),
			inputs,
		),
	];
	// A vendor's own numbers pass as they are, whatever they leave out.
	if (usage === undefined || surface.dialect === told.dialect.name) return problems;
	return [
		...problems,
		...differing('input tokens', seen.usage.inputTokens, usage.inputTokens),
		...differing('output tokens', seen.usage.outputTokens, usage.outputTokens),
	];
}

/** How an error of an official client differs from the vendor's. */
export function errorDifferences(surface: Surface, thrown: unknown, error: RelaisError): string[] {
	if (!(thrown instanceof surface.errors.api)) return [`no error of the client's own, but ${String(thrown).slice(0, 200)}`];
	const { message } = surface.read(thrown);
	// What a vendor says beside its message is told with it on other surfaces; on its own its body passes.
	const words = (error.message.split(/: [{[]/, 1)[0] ?? '').slice(0, 20);
	return message.includes(words) ? [] : [`message: ${message.slice(0, 200)} in place of ${words}`];
}
