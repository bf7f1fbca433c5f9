import { isObject } from '../../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';
import { withDocumentUrls } from './documents.ts';
import { functionCall } from './free-text.ts';
import { type ThoughtForm, withThoughts } from './thoughts.ts';
import { orderly } from './turns.ts';

/** What a vendor wants of the messages of a conversation. */
export interface MessageHabits {
	/** Members taken, by role; others are left out. Absent: all. */
	members?: { readonly [role: string]: readonly string[] };
	/** Members taken of a call, others are left out; absent: all. */
	callMembers?: readonly string[];
	/** True: calls of functions alone are known, none of tools that take free text. */
	functionsOnly?: true;
	/** `document_url`: the type of the parts that hold documents. */
	documents?: 'document_url';
	/** Members left out wherever they stand, in messages and in parts of their content. */
	refuses?: readonly string[];
	/** Where earlier reasoning goes. Absent: it stays where it is. */
	thoughts?: ThoughtForm;
	/** What stands for the reasoning a message with calls lacks, where the vendor demands one. */
	emptyThought?: string;
	/** The id the vendor takes for a call; the same one for the same id, always. */
	callId?(id: string): string;
	/** `system`: the role `developer` is not known; it goes out as this one. */
	instructions?: 'system';
	/** True when results must name their tool. */
	toolName?: true;
	/** `strict`: the vendor refuses conversations whose turns are out of order. */
	turns?: 'strict';
	/**
	 * What to do with a conversation that ends with an assistant turn: mark it with this member, so that the vendor goes on from it, or
	 * (`user`) add a turn that asks to.
	 */
	ending?: 'prefix' | 'partial' | 'user';
}

/** One message at a time, and what is known of the conversation before it. */
interface Walk {
	context: RuleContext;
	habits: MessageHabits;
	/** Names of the tools called so far, by call id as the client has it. */
	names: Map<string, string>;
}

/** Members that say nothing when a client sends them empty. */
function isEmpty(value: JsonValue | undefined): boolean {
	return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function without(object: JsonObject, taken: (key: string) => boolean, path: string, { context }: Walk): JsonObject {
	let kept: JsonObject | undefined;
	for (const key in object) {
		if (taken(key)) continue;
		kept ??= { ...object };
		delete kept[key];
		if (isEmpty(object[key])) continue;
		context.warn({ kind: 'dropped', path: `${path}.${key}`, message: `${context.model} takes no such member` });
	}
	return kept ?? object;
}

/** Each item of a list through a function; the list itself where nothing changed. */
function each(list: JsonValue[], change: (item: JsonObject, index: number) => JsonObject): JsonValue[] {
	let changed = false;
	const made = list.map((item, index) => {
		const result = isObject(item) ? change(item, index) : item;
		changed ||= result !== item;
		return result;
	});
	return changed ? made : list;
}

function membersTaken(message: JsonObject, path: string, walk: Walk): JsonObject {
	const { members, refuses } = walk.habits;
	const own = members?.[String(message.role)];
	const refused = (key: string): boolean => refuses?.includes(key) === true;
	const plain = without(message, (key) => !refused(key) && (own === undefined || own.includes(key)), path, walk);
	if (refuses === undefined || !Array.isArray(plain.content)) return plain;
	const content = each(plain.content, (part, index) => without(part, (key) => !refused(key), `${path}.content[${index}]`, walk));
	return content === plain.content ? plain : { ...plain, content };
}

/** Calls with the members the vendor takes. */
function withPlainCalls(message: JsonObject, path: string, walk: Walk): JsonObject {
	const { callMembers, functionsOnly } = walk.habits;
	const { tool_calls: calls } = message;
	if (!Array.isArray(calls) || (callMembers === undefined && functionsOnly === undefined)) return message;
	const plain = each(calls, (call, index) => {
		const known = functionsOnly === true ? functionCall(call) : call;
		const taken = (key: string): boolean => callMembers === undefined || callMembers.includes(key);
		return without(known, taken, `${path}.tool_calls[${index}]`, walk);
	});
	return plain === calls ? message : { ...message, tool_calls: plain };
}

/** The ids of calls and results as the vendor takes them; the client keeps its own. */
function withIds(message: JsonObject, { habits, names }: Walk): JsonObject {
	const { callId, toolName } = habits;
	if (callId === undefined && toolName === undefined) return message;
	let made = message;
	const { tool_calls: calls, tool_call_id: id } = message;
	if (Array.isArray(calls)) {
		const renamed = each(calls, (call) => {
			if (typeof call.id !== 'string') return call;
			if (isObject(call.function) && typeof call.function.name === 'string') names.set(call.id, call.function.name);
			const fit = callId?.(call.id) ?? call.id;
			return fit === call.id ? call : { ...call, id: fit };
		});
		if (renamed !== calls) made = { ...made, tool_calls: renamed };
	}
	if (message.role !== 'tool' || typeof id !== 'string') return made;
	const name = toolName === true && message.name === undefined ? names.get(id) : undefined;
	const fit = callId?.(id) ?? id;
	if (fit !== id) made = { ...made, tool_call_id: fit };
	return name === undefined ? made : { ...made, name };
}

function withThought(message: JsonObject, { habits, context }: Walk): JsonObject {
	const { emptyThought } = habits;
	const lacks = emptyThought !== undefined && Array.isArray(message.tool_calls) && message.tool_calls.length > 0;
	if (!lacks || context.traits.reasoning === 'none') return message;
	return typeof message.reasoning_content === 'string' && message.reasoning_content !== ''
		? message
		: { ...message, reasoning_content: emptyThought };
}

function adapted(message: JsonObject, path: string, walk: Walk): JsonObject {
	const { thoughts, instructions } = walk.habits;
	let made = instructions !== undefined && message.role === 'developer' ? { ...message, role: instructions } : message;
	if (made.role === 'assistant') {
		if (thoughts !== undefined) made = withThoughts(made, thoughts, path, walk.context);
		made = withThought(made, walk);
	}
	if (walk.habits.documents !== undefined) made = withDocumentUrls(made, path, walk.context);
	return membersTaken(withIds(withPlainCalls(made, path, walk), walk), path, walk);
}

function ended(messages: JsonValue[], ending: NonNullable<MessageHabits['ending']>, context: RuleContext): JsonValue[] {
	const last = messages.at(-1);
	if (!isObject(last) || last.role !== 'assistant' || !isEmpty(last.tool_calls)) return messages;
	if (last.prefix === true || last.partial === true) return messages;
	if (ending !== 'user') return messages.with(-1, { ...last, [ending]: true });
	const path = `messages[${messages.length - 1}]`;
	context.warn({
		kind: 'changed',
		path,
		message: `${context.model} cannot go on from an assistant message; a user turn asks it to`,
	});
	return [...messages, { role: 'user', content: 'Continue.' }];
}

/** Brings a conversation into the form a vendor takes. */
export function messagesRule(habits: MessageHabits): BodyRule {
	return (context) => {
		const given = context.get('messages');
		if (!Array.isArray(given)) return;
		const walk: Walk = { context, habits, names: new Map() };
		const fitted = each(given, (message, index) => adapted(message, `messages[${index}]`, walk));
		const turns = habits.turns === undefined ? fitted : orderly(fitted, context);
		const messages = habits.ending === undefined ? turns : ended(turns, habits.ending, context);
		if (messages !== given) context.set('messages', messages);
	};
}
