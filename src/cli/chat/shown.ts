import type { ContentPart, StreamPart } from '../../spec/index.ts';
import { oneLine, printable, styler, type TerminalIo } from '../terminal/index.ts';

/** Which of the two streams, and how, a part of an answer is written. */
type Kind = 'answer' | 'reasoning' | 'tool';

/**
 * Shows an answer as its parts come: the text on standard output, where a pipe gets nothing else; reasoning (dimmed), tool calls and
 * the like on standard error. Keeps the text.
 */
export class ShownAnswer {
	readonly #io: Pick<TerminalIo, 'out' | 'err' | 'color'>;
	readonly #paint;
	readonly #kinds = new Map<number, Kind>();
	#last: Kind | undefined;
	#atLineStart = true;
	#text = '';

	constructor(io: Pick<TerminalIo, 'out' | 'err' | 'color'>) {
		this.#io = io;
		this.#paint = styler(io.color);
	}

	/** The answer's text so far. */
	get text(): string {
		return this.#text;
	}

	take(part: StreamPart): void {
		switch (part.type) {
			case 'block-start':
				this.#open(part.block, part.content);
				break;
			case 'text-delta':
				this.#write('answer', part.text);
				break;
			case 'reasoning-delta':
				this.#write('reasoning', part.text ?? part.summary ?? '');
				break;
			case 'tool-input-delta':
				this.#write('tool', part.input);
				break;
			case 'block-end':
				if (this.#kinds.get(part.block) === 'tool') this.#newLine();
				break;
			default:
		}
	}

	/** Ends the last line. */
	end(): void {
		this.#newLine();
	}

	#open(block: number, content: ContentPart): void {
		switch (content.type) {
			case 'text':
			case 'refusal':
				this.#kinds.set(block, 'answer');
				this.#write('answer', content.text);
				break;
			case 'reasoning':
				this.#kinds.set(block, 'reasoning');
				this.#write('reasoning', content.text ?? content.summary?.join('\n') ?? '');
				break;
			case 'tool-call':
				this.#kinds.set(block, 'tool');
				this.#newLine();
				this.#write('tool', `[calls ${oneLine(content.name)}] ${content.input}`);
				break;
			default:
				this.#newLine();
				this.#write('tool', `[${content.type}]`);
				this.#newLine();
		}
	}

	#write(kind: Kind, text: string): void {
		if (text === '') return;
		if (this.#last !== undefined && this.#last !== kind) this.#newLine();
		if (kind === 'reasoning' && this.#last !== kind && !this.#io.color) this.#io.err('[reasoning] ');
		this.#last = kind;
		const safe = printable(text);
		if (kind === 'answer') {
			this.#text += text;
			this.#io.out(safe);
		} else this.#io.err(this.#paint(kind === 'tool' ? 'yellow' : 'dim', safe));
		this.#atLineStart = safe.endsWith('\n');
	}

	/** On the stream that was written last. */
	#newLine(): void {
		if (this.#atLineStart) return;
		if (this.#last === 'answer') this.#io.out('\n');
		else this.#io.err('\n');
		this.#atLineStart = true;
		this.#last = undefined;
	}
}
