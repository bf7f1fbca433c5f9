import type { JsonObject, ReasoningRequest } from '../../spec/index.ts';
import { read } from '../shared/index.ts';
import { fieldsOf, whole } from './spelling.ts';

/** Levels by their number. */
const NUMBERED = ['THINKING_LEVEL_UNSPECIFIED', 'LOW', 'MEDIUM', 'HIGH', 'MINIMAL'];

const level: read.Reader<string> = (value, path) =>
	typeof value === 'number' ? (NUMBERED[value] ?? String(value)) : read.string(value, path);

/** What a `thinkingConfig` asks for. A budget of 0 turns thinking off, one of -1 leaves it to the model. */
export function readThinking(wire: JsonObject, path: string): ReasoningRequest {
	const config = fieldsOf(wire, path);
	const asked: ReasoningRequest = {};
	const budget = config.take('thinkingBudget', whole);
	if (budget !== undefined) {
		asked.mode = budget === 0 ? 'off' : budget < 0 ? 'adaptive' : 'on';
		if (budget > 0) asked.budgetTokens = budget;
	}
	const effort = config.take('thinkingLevel', level)?.toLowerCase();
	if (effort !== undefined && effort !== 'thinking_level_unspecified') asked.effort = effort;
	const shown = config.take('includeThoughts', read.boolean);
	if (shown !== undefined) asked.summary = shown ? 'auto' : 'none';
	return asked;
}
