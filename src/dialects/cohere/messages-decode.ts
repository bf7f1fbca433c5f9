import type { ContentPart, JsonObject, JsonValue, Message, ReasoningPart, ToolResultPart } from '../../spec/index.ts';
import { extend, Fields, read, withMarks } from '../shared/index.ts';
import { decodeCall } from './calls.ts';
import { placeCitations } from './citations.ts';
import { decodeContent } from './content-decode.ts';
import { DIALECT } from './dialect.ts';

const ROLES = ['system', 'user', 'assistant', 'tool'] as const;

/** Reads a conversation: each message of the wire is one message. */
export function decodeMessages(list: JsonValue[]): Message[] {
	return list.map((value, index) => decodeMessage(read.object(value, read.at('messages', index)), read.at('messages', index)));
}

function decodeMessage(wire: JsonObject, path: string): Message {
	const fields = new Fields(wire, path);
	const role = fields.require('role', read.oneOf(ROLES));
	if (role === 'tool') return decodeResult(fields);
	const { content, rest } = takeContent(fields);
	return { role, content, ...extend(DIALECT, rest) };
}

/** Takes content, plan, calls and citations off a message, in this order. */
export function takeContent(fields: Fields): { content: ContentPart[]; rest: JsonObject | undefined } {
	const { parts, form } = decodeContent(fields.wire.content, fields.at('content'), fields.lenient);
	fields.drop('content');
	const content = [...parts, ...takePlan(fields)];
	const calls = fields.take('tool_calls', read.arrayOf(read.object)) ?? [];
	if (calls.length === 0) fields.leave('tool_calls');
	content.push(...calls.map((call, index) => decodeCall(call, read.at(fields.at('tool_calls'), index), fields.lenient)));
	const marks: JsonObject = { $content: form };
	if (placeCitations(fields.wire.citations, content, parts)) {
		marks.$citations = fields.wire.citations;
		fields.drop('citations');
	}
	return { content, rest: withMarks(fields.rest(), marks) };
}

function takePlan(fields: Fields): ReasoningPart[] {
	const plan = fields.take('tool_plan', read.string);
	if (plan === '') fields.keep('tool_plan');
	return plan === undefined || plan === '' ? [] : [{ type: 'reasoning', text: plan, ...extend(DIALECT, { $plan: true }) }];
}

function decodeResult(fields: Fields): Message {
	const callId = fields.require('tool_call_id', read.nonEmptyString);
	const { parts, form } = decodeContent(fields.wire.content, fields.at('content'), fields.lenient);
	fields.drop('content');
	const result: ToolResultPart = { type: 'tool-result', callId, content: parts };
	return { role: 'tool', content: [result], ...extend(DIALECT, withMarks(fields.rest(), { $content: form })) };
}
