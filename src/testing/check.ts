/** One thing that must hold of a subject: a provider, a dialect. Data, so that any test runner can run it. */
export interface Check<T> {
	/** What holds when it passes, in words that follow the subject's name. */
	readonly name: string;
	/**
	 * Resolves with undefined when it holds, or with the reason why it does not apply. Rejects with `CheckFailure`, or with what the
	 * subject threw.
	 */
	run(subject: T): Promise<string | undefined>;
}

/** What became of one check. `detail`: what is wrong, or why it does not apply. */
export interface CheckResult {
	name: string;
	outcome: 'passed' | 'failed' | 'skipped';
	detail?: string;
	/** What was thrown, for its stack. */
	error?: unknown;
}

/** Thrown where a check does not hold; the message says what was expected and what was found. */
export class CheckFailure extends Error {
	override readonly name = 'CheckFailure';
}

/** Throws `CheckFailure` with the message unless the condition holds. */
export function ensure(condition: unknown, message: string): asserts condition {
	if (!condition) throw new CheckFailure(message);
}

/** Throws `CheckFailure` where a fault was found. */
export function ensureNone(fault: string | undefined): void {
	if (fault !== undefined) throw new CheckFailure(fault);
}

/** Runs checks one after another; never rejects. */
export async function runChecks<T>(checks: readonly Check<T>[], subject: T): Promise<CheckResult[]> {
	const results: CheckResult[] = [];
	for (const check of checks) {
		try {
			const reason = await check.run(subject);
			results.push(
				reason === undefined ? { name: check.name, outcome: 'passed' } : { name: check.name, outcome: 'skipped', detail: reason },
			);
		} catch (error) {
			results.push({ name: check.name, outcome: 'failed', detail: describeError(error), error });
		}
	}
	return results;
}

/** An error in a line. */
export function describeError(error: unknown): string {
	if (!(error instanceof Error)) return `threw ${show(error)}`;
	return error instanceof CheckFailure ? error.message : `${error.name}: ${error.message}`;
}

/** A value in a few words, for messages. */
export function show(value: unknown): string {
	if (typeof value === 'function') return 'a function';
	let text: string | undefined;
	try {
		text = JSON.stringify(value);
	} catch {
		text = undefined;
	}
	text ??= String(value);
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Settles as the promise does, or rejects with `CheckFailure` when that takes longer than `ms`. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new CheckFailure(`${what} took longer than ${ms} ms`)), ms);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}
