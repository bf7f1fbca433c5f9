import { within } from '../../lib/ticker.ts';
import type { CallContext, HeaderMap, Warning } from '../../spec/index.ts';
import { limitPassed } from '../../transport/index.ts';
import type { AttemptRecord, RoutedTask, Target, TaskAnswer } from '../types.ts';
import { sameVectors } from '../vectors.ts';
import type { Attempt, AttemptContext, AttemptOutcome } from './attempt.ts';
import { asRelaisError } from './module-attempt.ts';
import type { WireHost } from './wire-attempt.ts';

/** One try of a task that is answered in one piece, through the provider's own method for it. */
export class TaskAttempt implements Attempt {
	readonly lane: AttemptRecord['lane'];
	readonly #context: AttemptContext;
	readonly #target: Target;
	readonly #task: RoutedTask;
	readonly #host: WireHost;
	readonly #abort = new AbortController();
	readonly #warnings: Warning[] = [];
	/** Headers of the answer; of one that took several calls, the last one's. */
	#upstream: HeaderMap = {};
	#left = false;

	constructor(context: AttemptContext, target: Target, task: RoutedTask, host: WireHost) {
		this.#context = context;
		this.#target = target;
		this.#task = task;
		this.#host = host;
		this.lane = target.provider.wire === undefined ? 'module' : 'canonical';
	}

	async run(): Promise<AttemptOutcome> {
		try {
			return this.#tell(await this.#asked());
		} catch (error) {
			if (this.#left) return { kind: 'cancelled', usage: undefined };
			this.#abort.abort(error);
			return { kind: 'failed', error: asRelaisError(error, this.#target.provider), begun: false, usage: undefined };
		}
	}

	cancel(): void {
		this.#left = true;
		this.#abort.abort();
	}

	/** The answer; rejects when the client leaves or the time is over, whether the provider listens or not. */
	#asked(): Promise<TaskAnswer> {
		const { total } = this.#target.timeouts;
		const { id } = this.#context.request;
		const { signal } = this.#abort;
		const context: CallContext = {
			signal,
			requestId: id,
			warn: (warning) => void this.#warnings.push(warning),
			answered: (headers) => {
				this.#upstream = headers;
			},
		};
		const gone = new Promise<never>((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason), { once: true });
		});
		const answer = this.#task.run(this.#target, context, id);
		return within(Promise.race([answer, gone]), total, this.#host, () => limitPassed('total', total, this.#target.label));
	}

	#tell({ body, usage, warnings }: TaskAnswer): AttemptOutcome {
		const payload = Buffer.from(JSON.stringify(body));
		const all = [...this.#mixed(), ...this.#warnings, ...warnings];
		this.#context.begin(this.#target, 'application/json', this.#upstream, all, payload.length);
		this.#context.request.sink.end(payload);
		return { kind: 'done', usage, finish: undefined };
	}

	/** Told to those whose route makes vectors with several models. */
	#mixed(): Warning[] {
		const { operation, plan } = this.#context.request;
		const other = operation === 'embed' ? plan.targets.find((target) => !sameVectors(target, this.#target)) : undefined;
		if (other === undefined) return [];
		const message = `This route makes vectors with ${this.#target.model} or with ${other.model}, which cannot be compared: keep apart what each has made.`;
		return [{ kind: 'notice', path: 'model', message }];
	}
}
