import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** Cuts a text into pieces of the given lengths, over and over. */
function pieces(text: string, cuts: readonly number[]): string[] {
	const result: string[] = [];
	for (let from = 0, turn = 0; from < text.length; turn++) {
		const length = cuts[turn % cuts.length] ?? 1;
		result.push(text.slice(from, from + length));
		from += length;
	}
	return result;
}

type Teller = (block: JsonObject, cuts: readonly number[]) => { start: JsonObject; deltas: JsonObject[] };

const call: Teller = (block, cuts) => ({
	start: { ...block, input: {} },
	deltas: ['', ...pieces(JSON.stringify(block.input), cuts)].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
});

/** How the API tells a block in pieces. Blocks of other types come whole with their start. */
const TELLERS: { [type: string]: Teller } = {
	text: (block, cuts) => {
		const citations = Array.isArray(block.citations) ? block.citations : [];
		return {
			start: { ...block, text: '', ...(citations.length === 0 ? {} : { citations: [] }) },
			deltas: [
				...citations.map((citation): JsonObject => ({ type: 'citations_delta', citation })),
				...pieces(String(block.text), cuts).map((text) => ({ type: 'text_delta', text })),
			],
		};
	},
	thinking: (block, cuts) => ({
		start: typeof block.signature === 'string' ? { ...block, thinking: '', signature: '' } : { ...block, thinking: '' },
		deltas: [
			...pieces(String(block.thinking), cuts).map((thinking): JsonObject => ({ type: 'thinking_delta', thinking })),
			...(typeof block.signature === 'string' ? [{ type: 'signature_delta', signature: block.signature }] : []),
		],
	}),
	compaction: (block) => {
		const { content, encrypted_content: encrypted } = block;
		const encryption = encrypted === undefined ? {} : { encrypted_content: encrypted };
		return {
			start: { ...block, content: null, ...(encrypted === undefined ? {} : { encrypted_content: null }) },
			deltas: [{ type: 'compaction_delta', content: content ?? null, ...encryption }],
		};
	},
	tool_use: call,
	server_tool_use: call,
	mcp_tool_use: call,
};

function tellBlock(block: JsonObject, index: number, cuts: readonly number[]): JsonObject[] {
	const { start, deltas } = TELLERS[String(block.type)]?.(block, cuts) ?? { start: block, deltas: [] };
	return [
		{ type: 'content_block_start', index, content_block: start },
		...deltas.map((delta): JsonObject => ({ type: 'content_block_delta', index, delta })),
		{ type: 'content_block_stop', index },
	];
}

/** The events in which the API would stream a message. */
export function tell(message: JsonObject, cuts: readonly number[], pings: boolean, finalUsage: JsonObject): JsonObject[] {
	const { content, stop_reason, stop_sequence, stop_details, ...head } = message;
	const blocks = (Array.isArray(content) ? content : []) as JsonObject[];
	const told = blocks.flatMap((block, index) => tellBlock(block, index, cuts));
	const between = pings ? told.flatMap((event): JsonObject[] => [event, { type: 'ping' }]) : told;
	const details: { [key: string]: JsonValue } = stop_details === undefined ? {} : { stop_details };
	return [
		{ type: 'message_start', message: { ...head, content: [], stop_reason: null, stop_sequence: null } },
		...between,
		{ type: 'message_delta', delta: { stop_reason, stop_sequence, ...details }, usage: finalUsage },
		{ type: 'message_stop' },
	];
}
