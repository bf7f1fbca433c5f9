import type { JsonObject } from '../../spec/index.ts';
import { isObject, object, objects, text } from '../core/json.ts';

/** What a guardrail says in place of an answer it blocks. */
export const BLOCKED_BY_GUARDRAIL = 'Sorry, the model cannot answer this question.';

function metrics(guarded: number, total: number): JsonObject {
	return {
		guardrailCoverage: { textCharacters: { guarded, total } },
		guardrailProcessingLatency: 1,
		usage: {
			contentPolicyUnits: 1,
			contextualGroundingPolicyUnits: 0,
			sensitiveInformationPolicyFreeUnits: 0,
			sensitiveInformationPolicyUnits: 1,
			topicPolicyUnits: 1,
			wordPolicyUnits: 1,
		},
	};
}

/** Characters of the user's texts, and how many of them are marked to be guarded; without marks all are. */
function characters(request: JsonObject): [guarded: number, total: number] {
	let marked = 0;
	let plain = 0;
	for (const block of objects(request.messages).flatMap((message) => objects(message.content))) {
		const guarded = text(object(object(block.guardContent).text).text).length;
		marked += guarded;
		plain += text(block.text).length;
	}
	return [marked === 0 ? plain : marked, plain + marked];
}

/** The trace of a guardrail's work, where the request asks for it. */
export function guardrailTrace(request: JsonObject, answer: string, blocked: boolean): JsonObject {
	const config = request.guardrailConfig;
	if (!isObject(config) || (config.trace !== 'enabled' && config.trace !== 'enabled_full')) return {};
	const id = text(config.guardrailIdentifier).split('/').at(-1) ?? '';
	const [guarded, total] = characters(request);
	const filter = { action: 'BLOCKED', confidence: 'HIGH', detected: true, filterStrength: 'HIGH', type: 'MISCONDUCT' };
	const output: JsonObject = { invocationMetrics: metrics(answer.length, answer.length) };
	if (blocked) output.contentPolicy = { filters: [filter] };
	const guardrail: JsonObject = {
		actionReason: blocked ? 'Guardrail blocked.' : 'No action.',
		inputAssessment: { [id]: { invocationMetrics: metrics(guarded, total) } },
		outputAssessments: { [id]: [output] },
	};
	if (blocked) guardrail.modelOutput = [answer];
	return { trace: { guardrail } };
}
