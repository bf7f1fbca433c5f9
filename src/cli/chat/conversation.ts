import type { ChatRequest, Message } from '../../spec/index.ts';
import { type Answered, ask, dollars, isSimulated, type OpenEngine } from '../in-process/index.ts';
import { oneLine, styler, type TerminalIo } from '../terminal/index.ts';
import { ShownAnswer } from './shown.ts';

const turn = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] });

/** A conversation with a model or a route: what was said so far, and how to go on. */
export class Conversation {
	/** What is asked: a model, `provider/model` or a route. */
	model: string;
	/** Instructions that stand before everything; empty: none. */
	system: string;
	readonly #engine: OpenEngine;
	readonly #io: TerminalIo;
	readonly #stream: boolean;
	#turns: Message[] = [];
	#running: AbortController | undefined;

	constructor(engine: OpenEngine, io: TerminalIo, start: { model: string; system: string; stream: boolean }) {
		this.#engine = engine;
		this.#io = io;
		this.model = start.model;
		this.system = start.system;
		this.#stream = start.stream;
	}

	/** Forgets what was said. */
	clear(): void {
		this.#turns = [];
	}

	/** Stops the answer that is coming. False when there is none. */
	cancel(): boolean {
		if (this.#running === undefined) return false;
		this.#running.abort();
		return true;
	}

	/** Asks, shows the answer and what it took. False when there was none; the question is then forgotten. */
	async say(question: string): Promise<boolean> {
		const turns = [...this.#turns, turn('user', question)];
		const shown = new ShownAnswer(this.#io);
		this.#running = new AbortController();
		const answered = await ask(this.#engine, this.#request(turns), {
			onPart: (part) => shown.take(part),
			signal: AbortSignal.any([this.#running.signal, this.#io.gone]),
		});
		this.#running = undefined;
		shown.end();
		if (shown.text !== '') this.#turns = [...turns, turn('assistant', shown.text)];
		this.#tell(answered);
		return answered.outcome === 'completed' || answered.outcome === 'cancelled';
	}

	#request(turns: readonly Message[]): ChatRequest {
		const messages = this.system === '' ? [...turns] : [turn('system', this.system), ...turns];
		return { model: this.model, messages, stream: this.#stream, ...(this.#stream && { streamUsage: true }), sampling: {} };
	}

	/** Failures and warnings, then one line on who answered and at what price. */
	#tell(answered: Answered): void {
		const paint = styler(this.#io.color);
		const line = (text: string): void => this.#io.err(`${text}\n`);
		const { outcome, error, warnings, target, attempts } = answered;
		if (outcome === 'cancelled') line(paint('dim', '-- cancelled'));
		else if (error !== undefined) line(paint('red', `relais: ${oneLine(error.message)}`));
		for (const warning of warnings) line(paint('yellow', `note: ${oneLine(warning)}`));
		if (outcome !== 'completed' || target === undefined) return;
		const facts = [
			oneLine(target.label) + (isSimulated(this.#engine.relais, target.provider.name) ? ' (simulated)' : ''),
			...(attempts > 1 ? [`${attempts} attempts`] : []),
			...figures(answered),
		];
		line(paint('dim', `-- ${facts.join(' · ')}`));
	}
}

function figures({ usage, firstTokenMs, totalMs, costUsd }: Answered): string[] {
	const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
	const tokens = usage === undefined ? 'tokens unknown' : `${usage.inputTokens} in, ${usage.outputTokens} out`;
	const first = firstTokenMs === undefined ? '' : ` (first token ${seconds(firstTokenMs)})`;
	return [tokens, `${seconds(totalMs)}${first}`, costUsd === null ? 'cost unknown' : dollars(costUsd)];
}
