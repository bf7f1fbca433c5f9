import type { Relais } from '../../engine/index.ts';
import { nearest } from '../../lib/nearest.ts';
import { oneLine, type TerminalIo } from '../terminal/index.ts';
import type { Conversation } from './conversation.ts';

/** What a line that begins with a slash works on. */
interface Setting {
	conversation: Conversation;
	relais: Relais;
	io: TerminalIo;
}

interface ChatCommand {
	usage: string;
	does: string;
	/** False: the chat is over. */
	run(rest: string, setting: Setting): boolean;
}

const say = (io: TerminalIo, text: string): true => {
	io.err(`${text}\n`);
	return true;
};

/** More names than this are not read by anybody. */
const MODELS_SHOWN = 200;

const COMMANDS: { readonly [name: string]: ChatCommand } = {
	model: {
		usage: '/model [name]',
		does: 'ask another model or route; without a name: which one is asked',
		run(name, { conversation, relais, io }) {
			if (name === '') return say(io, `model: ${conversation.model}`);
			const { table } = relais.state;
			if (table.resolve(name) === undefined) return say(io, oneLine(table.unknown(name).message));
			conversation.model = name;
			return say(io, `model: ${name}`);
		},
	},
	models: {
		usage: '/models [text]',
		does: 'list models and routes, those that hold the text',
		run(text, { relais, io }) {
			const names = [...relais.state.table.entries()].map(({ name, resolution }) =>
				resolution.route === undefined
					? `${name} (${resolution.targets.map(({ provider }) => provider.name).join(', ')})`
					: `${name} (route)`,
			);
			const found = names.filter((name) => name.toLowerCase().includes(text.toLowerCase()));
			const more = found.length > MODELS_SHOWN ? [`... and ${found.length - MODELS_SHOWN} more: /models <text>`] : [];
			return say(io, found.length === 0 ? 'none' : [...found.slice(0, MODELS_SHOWN).map(oneLine), ...more].join('\n'));
		},
	},
	system: {
		usage: '/system [text]',
		does: 'instructions from here on; without a text: none',
		run(text, { conversation, io }) {
			conversation.system = text;
			return say(io, text === '' ? 'no instructions' : 'instructions set');
		},
	},
	clear: {
		usage: '/clear',
		does: 'forget what was said; instructions stay',
		run(_, { conversation, io }) {
			conversation.clear();
			return say(io, 'forgotten');
		},
	},
	help: {
		usage: '/help',
		does: 'this list',
		run(_, { io }) {
			const all = Object.values(COMMANDS);
			const width = Math.max(...all.map(({ usage }) => usage.length));
			const lines = all.map(({ usage, does }) => `  ${usage.padEnd(width)}  ${does}`);
			return say(io, [...lines, '  Ctrl-C stops an answer, then ends the chat.'].join('\n'));
		},
	},
	exit: { usage: '/exit', does: 'end the chat', run: () => false },
};

const SAME: { readonly [name: string]: string } = { quit: 'exit', bye: 'exit', '?': 'help' };

/** Runs a line that begins with a slash. False: the chat is over. */
export function runCommandLine(line: string, setting: Setting): boolean {
	const [word = ''] = line.slice(1).split(/\s+/);
	const name = SAME[word.toLowerCase()] ?? word.toLowerCase();
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (command !== undefined) return command.run(line.slice(1 + word.length).trim(), setting);
	const near = nearest(name, Object.keys(COMMANDS), 1).map((other) => ` Did you mean /${other}?`);
	return say(setting.io, `there is no command /${oneLine(word)}.${near[0] ?? ' /help lists them.'}`);
}
