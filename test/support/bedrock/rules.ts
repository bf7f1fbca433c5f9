import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const DOCUMENT_NAME = /^[A-Za-z0-9 \-()[\]]{1,200}$/;

const objects = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? (value as JsonObject[]) : []);
const of = (blocks: JsonObject[], member: string): JsonObject[] =>
	blocks.flatMap((block) => (block[member] === undefined ? [] : [block[member] as JsonObject]));

/** What the Converse API would refuse in a request, in words; empty for one it takes. */
export function converseFaults(body: JsonObject): string[] {
	const faults: string[] = [];
	const turns = objects(body.messages);
	if (turns.length === 0) faults.push('no messages');
	if (turns[0]?.role !== 'user') faults.push('does not begin with the user');
	let calls: string[] = [];
	turns.forEach((turn, i) => {
		const blocks = objects(turn.content);
		if (i > 0 && turns[i - 1]?.role === turn.role) faults.push(`roles do not alternate at ${i}`);
		if (blocks.every((block) => block.cachePoint !== undefined)) faults.push(`no content at ${i}`);
		faults.push(...blockFaults(blocks, String(i)));
		const results = of(blocks, 'toolResult').map((result) => String(result.toolUseId));
		if ([...results].sort().join() !== [...calls].sort().join()) faults.push(`results at ${i} do not answer the calls before`);
		calls = of(blocks, 'toolUse').map((call) => String(call.toolUseId));
	});
	if (calls.length > 0) faults.push('ends with unanswered calls');
	faults.push(...toolFaults(body, turns));
	const documents = turns.flatMap((turn) => of(objects(turn.content), 'document').map((document) => document.name));
	if (new Set(documents).size < documents.length) faults.push('two documents of one name');
	return faults;
}

function blockFaults(blocks: JsonObject[], where: string): string[] {
	const faults: string[] = [];
	for (const block of blocks) {
		if (Object.keys(block).length !== 1) faults.push(`a block of ${Object.keys(block).join('+')} at ${where}`);
		if (typeof block.text === 'string' && block.text.trim() === '') faults.push(`blank text at ${where}`);
	}
	for (const { name, toolUseId, input } of of(blocks, 'toolUse')) {
		if (!NAME.test(String(name)) || !NAME.test(String(toolUseId)))
			faults.push(`call '${String(name)}' '${String(toolUseId)}' at ${where}`);
		if (typeof input !== 'object' || input === null || Array.isArray(input))
			faults.push(`an input that is no object at ${where}`);
	}
	for (const result of of(blocks, 'toolResult')) {
		if (objects(result.content).length === 0) faults.push(`an empty result at ${where}`);
		faults.push(...blockFaults(objects(result.content), `${where}, in a result`));
	}
	for (const { name } of of(blocks, 'document'))
		if (!DOCUMENT_NAME.test(String(name))) faults.push(`document name '${String(name)}'`);
	if (of(blocks, 'document').length > 0 && !blocks.some((block) => block.text !== undefined))
		faults.push(`a document without text at ${where}`);
	return faults;
}

function toolFaults(body: JsonObject, turns: JsonObject[]): string[] {
	const faults: string[] = [];
	const config = body.toolConfig as JsonObject | undefined;
	const uses = turns.some((turn) =>
		objects(turn.content).some((block) => block.toolUse !== undefined || block.toolResult !== undefined),
	);
	if (uses && objects(config?.tools).length === 0) faults.push('a history of tools without toolConfig');
	if (config !== undefined && objects(config.tools).length === 0) faults.push('toolConfig without tools');
	for (const { name, description, inputSchema } of of(objects(config?.tools), 'toolSpec')) {
		if (!NAME.test(String(name))) faults.push(`tool '${String(name)}'`);
		if (description === '') faults.push(`a blank description of '${String(name)}'`);
		if ((inputSchema as JsonObject | undefined)?.json === undefined) faults.push(`tool '${String(name)}' without schema`);
	}
	return faults;
}
