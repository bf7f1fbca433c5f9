import type { EmbedResponse, Usage, Vector, VectorType } from '../../../spec/index.ts';

/** Counts that add up. */
const COUNTS = [
	'inputTokens',
	'outputTokens',
	'totalTokens',
	'inputImageTokens',
	'inputAudioTokens',
	'statedCostUsd',
] as const satisfies readonly (keyof Usage)[];

/** Usage of several calls together; undefined where one of them stated none, as the sum would be wrong. */
export function summed(usages: readonly (Usage | undefined)[]): Usage | undefined {
	const sum: Usage = { inputTokens: 0, outputTokens: 0 };
	for (const usage of usages) {
		if (usage === undefined) return undefined;
		for (const count of COUNTS) {
			const value = usage[count];
			if (value !== undefined) sum[count] = (sum[count] ?? 0) + value;
		}
	}
	return sum;
}

/** The answers of several calls as one, in their order. What only one of them says is not said of all. */
export function merged(answers: readonly EmbedResponse[]): EmbedResponse {
	const [first] = answers;
	if (first === undefined || answers.length === 1) return first ?? { vectors: [] };
	const response: EmbedResponse = { vectors: answers.flatMap(({ vectors }) => vectors) };
	if (first.id !== undefined) response.id = first.id;
	if (first.model !== undefined) response.model = first.model;
	const usage = summed(answers.map((answer) => answer.usage));
	if (usage !== undefined) response.usage = usage;
	const further: { [type in VectorType]?: Vector[] } = {};
	for (const type of Object.keys(first.further ?? {}) as VectorType[])
		further[type] = answers.flatMap((answer) => answer.further?.[type] ?? []);
	return first.further === undefined ? response : { ...response, further };
}
