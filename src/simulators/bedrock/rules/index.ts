import { isObject, text } from '../../core/json.ts';
import type { Problem } from '../../core/types.ts';
import { problem } from '../problems.ts';
import { abilities, toolUse } from './abilities.ts';
import { claude, reasoning } from './claude.ts';
import { caching, files } from './files.ts';
import type { Asked, Rule } from './rule.ts';
import { filled, paired, sides, turns } from './turns.ts';

const guardrail: Rule = ({ request }) => {
	const config = request.guardrailConfig;
	if (!isObject(config)) return undefined;
	if (text(config.guardrailIdentifier) === '' || text(config.guardrailVersion) === '') {
		return problem('The guardrailConfig field must set both guardrailIdentifier and guardrailVersion.');
	}
	if (text(config.guardrailIdentifier) !== 'missing') return undefined;
	return problem('The guardrail identifier or version provided in the request does not exist.');
};

const RULES: readonly Rule[] = [turns, filled, sides, toolUse, paired, abilities, files, caching, guardrail, reasoning, claude];

/** The first rule that a request breaks. */
export function ruleProblem(asked: Asked): Problem | undefined {
	for (const rule of RULES) {
		const found = rule(asked);
		if (found !== undefined) return found;
	}
	return undefined;
}
