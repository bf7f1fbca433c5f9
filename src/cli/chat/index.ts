import type { Command } from 'commander';
import { firstModels, isSimulated, type OpenEngine, openEngine } from '../in-process/index.ts';
import { noProviderAdvice } from '../no-provider.ts';
import { processIo, reporting, type TerminalIo, UsageError } from '../terminal/index.ts';
import { runCommandLine } from './commands.ts';
import { Conversation } from './conversation.ts';
import { openLines } from './lines.ts';

interface ChatFlags {
	config?: string;
	system?: string;
	stream: boolean;
}

/** Adds `relais chat`: a conversation in the terminal, or one question a line from a pipe. */
export function registerChat(program: Command, io: TerminalIo = processIo()): void {
	program
		.command('chat')
		.description('talk with a model or a route; questions may also come from a pipe, one a line')
		.argument('[model]', 'model, provider/model or route (default: the first of the first provider)')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('--system <text>', 'instructions for the model')
		.option('--no-stream', 'show the answer only when it is whole')
		.action((model: string | undefined, flags: ChatFlags) => reporting(io, () => chat(model, flags, io)));
}

async function chat(model: string | undefined, flags: ChatFlags, io: TerminalIo): Promise<void> {
	const engine = await openEngine(io, { config: flags.config, simulate: true, discover: true });
	try {
		const start = { model: chosen(engine, model), system: flags.system ?? '', stream: flags.stream };
		const complete = await converse(new Conversation(engine, io, start), engine, io);
		if (!complete) io.exit(1);
	} finally {
		await engine.close();
	}
}

/** The model to ask. Throws `UsageError` for one that stands for nothing, and when there is none. */
function chosen({ relais }: OpenEngine, asked: string | undefined): string {
	const { table } = relais.state;
	if (asked !== undefined) {
		if (table.resolve(asked) === undefined) throw new UsageError(table.unknown(asked).message);
		return asked;
	}
	const first = firstModels(relais);
	if (first.length === 0) throw new UsageError(noProviderAdvice().join('\n'));
	const model = first.find((entry) => entry.model !== undefined)?.model;
	if (model === undefined) throw new UsageError('name a model to talk with, as provider/model');
	return model;
}

/** Until the lines end, /exit, or Ctrl-C while nothing is being answered. False when a question of a pipe went unanswered. */
async function converse(conversation: Conversation, { relais }: OpenEngine, io: TerminalIo): Promise<boolean> {
	const lines = openLines(io, () => {
		if (!conversation.cancel()) over();
	});
	let ended = false;
	const over = (): void => {
		ended = true;
		lines.close();
	};
	greet(conversation, relais, io);
	let complete = true;
	lines.prompt();
	for await (const raw of lines) {
		if (ended || io.gone.aborted) break;
		const line = raw.trim();
		if (line.startsWith('/') && !runCommandLine(line, { conversation, relais, io })) break;
		if (line !== '' && !line.startsWith('/')) complete = (await conversation.say(line)) && complete;
		if (ended) break;
		lines.prompt();
	}
	over();
	return complete || io.interactive;
}

function greet({ model }: Conversation, relais: OpenEngine['relais'], io: TerminalIo): void {
	const [target] = relais.state.table.resolve(model)?.targets ?? [];
	const simulated = target !== undefined && isSimulated(relais, target.provider.name);
	if (simulated) io.err('Simulated providers answer; relais doctor says what real ones need.\n');
	if (io.interactive) io.err(`Talking with ${model}. /help lists the commands.\n`);
}
