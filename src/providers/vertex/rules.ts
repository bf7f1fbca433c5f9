import { isObject, omit } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { type BodyRule, drop, type RuleContext } from '../rules.ts';

/** What counts when tokens are counted; the other members of a request do not. */
const COUNTED = ['contents', 'systemInstruction', 'system_instruction', 'tools', 'generationConfig', 'generation_config'];
const WRAPPED = ['generateContentRequest', 'generate_content_request'];

/** Counts of tokens take the members of a request beside one another, never as one member. */
const plainCount: BodyRule = (context) => {
	for (const name of WRAPPED) {
		const inner = context.get(name);
		if (!isObject(inner)) continue;
		context.set(name, undefined);
		for (const member of COUNTED) if (inner[member] !== undefined) context.set(member, inner[member]);
	}
};

/** Whose turn it is must be said here. */
const statedRoles: BodyRule = (context) => {
	const contents = context.get('contents');
	if (!Array.isArray(contents) || !contents.some((content) => isObject(content) && content.role === undefined)) return;
	const stated = contents.map((content) =>
		isObject(content) && content.role === undefined ? { role: 'user', ...content } : content,
	);
	context.set('contents', stated);
};

/** Members within other members that only the vendor's other API has. */
const STUDIO_ONLY: readonly [field: string, members: readonly string[]][] = [
	['toolConfig', ['includeServerSideToolInvocations']],
	['generationConfig', ['enableEnhancedCivicAnswers']],
];

/** The vendor's two APIs differ in a few members; those of the other one are refused here. */
const noStudioMembers: BodyRule = (context) => {
	for (const [field, members] of STUDIO_ONLY) {
		const value = context.get(field);
		if (!isObject(value)) continue;
		const lost = members.filter((member) => value[member] !== undefined);
		if (lost.length > 0) context.set(field, omit(value, new Set(lost)));
		for (const member of lost) tell(context, `${field}.${member}`);
	}
	const tools = context.get('tools');
	if (!Array.isArray(tools) || !tools.some(searchesFiles)) return;
	const kept = tools.map((tool) => (isObject(tool) ? omit(tool, new Set(['fileSearch', 'file_search'])) : tool));
	context.set('tools', kept.filter(saysSomething));
	tell(context, 'tools');
};

function searchesFiles(tool: JsonValue): boolean {
	return isObject(tool) && (tool.fileSearch !== undefined || tool.file_search !== undefined);
}

function saysSomething(tool: JsonValue): boolean {
	return !isObject(tool) || Object.keys(tool).length > 0;
}

function tell(context: RuleContext, path: string): void {
	context.warn({ kind: 'dropped', path, message: `${context.model} has it only behind Gemini's own API` });
}

/** What Gemini's requests must look like here. */
export const geminiRules: readonly BodyRule[] = [
	plainCount,
	statedRoles,
	noStudioMembers,
	drop(['store'], 'stores no conversations here', { store: false }),
];

/** Version of Anthropic's API as this vendor names it (catalog, quirks of the row `vertex-ai`). */
const CLAUDE_VERSION: JsonObject[string] = 'vertex-2023-10-16';

/** The version stands in the body; the model in the path, save where tokens are counted: such a body has no limit of output. */
export const claudeBody: BodyRule = (context) => {
	if (context.get('max_tokens') !== undefined) context.set('model', undefined);
	if (context.get('anthropic_version') === undefined) context.set('anthropic_version', CLAUDE_VERSION);
};
