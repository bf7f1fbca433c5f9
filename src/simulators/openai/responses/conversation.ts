import type { JsonObject } from '../../../spec/index.ts';
import { objects, text } from '../../core/json.ts';
import type { Problem } from '../../core/types.ts';
import { cloudProblem } from '../problems.ts';
import { encryptionFault } from './encrypted.ts';
import { notKept } from './problems.ts';
import type { ResponseStore } from './store.ts';

/** What the check of a conversation knows. */
interface Context {
	vendor: string;
	store: ResponseStore;
	/** The items of earlier responses, by `previous_response_id`. */
	earlier: JsonObject[];
	/** This request's items, references resolved. */
	input: JsonObject[];
}

type Check = (context: Context) => Problem | undefined;

/** What kind of item an item is; one without a type is a message. */
export function kindOf(item: JsonObject): string {
	return text(item.type) || 'message';
}

/** How ids of items begin. The vendor makes up the ids of items that come without. */
export const PREFIXES: { [type: string]: string } = {
	message: 'msg',
	reasoning: 'rs',
	function_call: 'fc',
	function_call_output: 'fc',
	custom_tool_call: 'ctc',
	custom_tool_call_output: 'ctc',
	web_search_call: 'ws',
};

const prefixes: Check = ({ input }) => {
	for (const [index, item] of input.entries()) {
		const prefix = PREFIXES[kindOf(item)];
		if (typeof item.id !== 'string' || prefix === undefined || item.id.startsWith(prefix)) continue;
		const message = `Invalid 'input[${index}].id': '${item.id}'. Expected an ID that begins with '${prefix}'.`;
		return cloudProblem(message, { param: `input[${index}].id`, code: 'invalid_value' });
	}
	return undefined;
};

const unique: Check = ({ earlier, input }) => {
	const seen = new Set<string>();
	for (const item of [...earlier, ...input]) {
		if (typeof item.id !== 'string') continue;
		if (seen.has(item.id)) {
			const message = `Duplicate item found with id ${item.id}. Remove duplicate items from your input and try again.`;
			return cloudProblem(message, { param: 'input' });
		}
		seen.add(item.id);
	}
	return undefined;
};

/** Reasoning is read from its encrypted content, else from what is kept. */
const readable: Check = ({ vendor, store, input }) => {
	for (const item of input) {
		if (kindOf(item) !== 'reasoning') continue;
		const id = typeof item.id === 'string' ? item.id : undefined;
		if (typeof item.encrypted_content === 'string') {
			const fault = encryptionFault(vendor, id, item.encrypted_content);
			if (fault === undefined) continue;
			const named = id === undefined ? `${item.encrypted_content.slice(0, 8)}...` : `for item ${id}`;
			return cloudProblem(`The encrypted content ${named} could not be verified. Reason: ${fault}`, {
				code: 'invalid_encrypted_content',
			});
		}
		if (id === undefined || store.item(id) === undefined) return notKept(id ?? '');
	}
	return undefined;
};

/** What may follow reasoning: more of the same turn. */
const FROM_MODEL = new Set(['reasoning', 'function_call', 'custom_tool_call', 'web_search_call', 'file_search_call', 'mcp_call']);

/** Whether the model wrote an item. */
export function fromModel(item: JsonObject | undefined): boolean {
	if (item === undefined) return false;
	return item.role === 'assistant' || FROM_MODEL.has(kindOf(item)) || /_call$/.test(kindOf(item));
}

const followed: Check = ({ input }) => {
	const index = input.findIndex((item, at) => kindOf(item) === 'reasoning' && !fromModel(input[at + 1]));
	if (index < 0) return undefined;
	const message = `Item '${text(input[index]?.id)}' of type 'reasoning' was provided without its required following item.`;
	return cloudProblem(message, { param: 'input' });
};

/** An item that is kept with its reasoning may not be sent back without it. */
const reasoned: Check = ({ store, earlier, input }) => {
	const ids = new Set([...earlier, ...input].map((item) => text(item.id)));
	for (const item of input) {
		const reason = store.reasonFor(text(item.id));
		if (reason === undefined || ids.has(reason)) continue;
		const message = `Item '${text(item.id)}' of type '${kindOf(item)}' was provided without its required 'reasoning' item: '${reason}'.`;
		return cloudProblem(message, { param: 'input' });
	}
	return undefined;
};

const PAIRS: { call: string; output: string; noOutput: string; noCall: string }[] = [
	{
		call: 'function_call',
		output: 'function_call_output',
		noOutput: 'No tool output found for function call',
		noCall: 'No tool call found for function call output with call_id',
	},
	{
		call: 'custom_tool_call',
		output: 'custom_tool_call_output',
		noOutput: 'No tool output found for custom tool call',
		noCall: 'No tool call found for custom tool call output with call_id',
	},
];

const paired: Check = ({ earlier, input }) => {
	const items = [...earlier, ...input];
	for (const { call, output, noOutput, noCall } of PAIRS) {
		const open = new Set<string>();
		const called = new Set<string>();
		for (const item of items) {
			const id = text(item.call_id);
			if (item.type === call) {
				open.add(id);
				called.add(id);
			} else if (item.type === output) {
				if (!called.has(id)) return cloudProblem(`${noCall} ${id}.`, { param: 'input' });
				open.delete(id);
			}
		}
		const [first] = open;
		if (first !== undefined) return cloudProblem(`${noOutput} ${first}.`, { param: 'input' });
	}
	return undefined;
};

const CHECKS: Check[] = [prefixes, unique, readable, followed, reasoned, paired];

/** What is wrong with the items of a conversation: their ids, their order, what belongs together. */
export function itemsProblem(context: Context): Problem | undefined {
	for (const check of CHECKS) {
		const problem = check(context);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

/** This request's items; references stand for what is kept. */
export function inputItems(request: JsonObject, store: ResponseStore): JsonObject[] | Problem {
	if (typeof request.input === 'string') return [{ type: 'message', role: 'user', content: request.input }];
	const items: JsonObject[] = [];
	for (const item of objects(request.input)) {
		const found = item.type === 'item_reference' ? store.item(text(item.id)) : item;
		if (found === undefined) return notKept(text(item.id));
		items.push(found);
	}
	return items;
}
