import type { Controls } from './controls.ts';

/** The faults that have a name, and what each does. Beside them: any status from 400 to 599, and `<status>-html`. */
export const FAULTS: { [name: string]: string } = {
	quota: 'the error of an account without credit',
	reset: 'the connection is reset before any header',
	'reset-after-headers': 'the headers are sent, then the connection is reset',
	silence: 'the request is accepted and never answered',
	'slow-first-token': 'the first byte waits (ms, default 2000); headers=early or late',
	cut: 'the connection is closed within the answer (fraction, default 2/3)',
	stall: 'the answer stops half way and the connection stays open (fraction, default 0.5)',
	malformed: 'one event (or the body) is not JSON',
	'missing-end': 'the stream ends cleanly without its last events',
	'error-event': 'the stream turns into an error event (fraction, default 0.5; 0 for at once)',
	'huge-line': 'one event holds 10 MB (bytes)',
	'html-200': 'a web page under status 200',
	'empty-200': 'an empty body under status 200',
	'error-200': 'an error object under status 200',
	'content-length': 'a content-length that is wrong (by, default -20)',
	'early-close': 'an unstreamed body of which only a part is sent (fraction, default 0.5)',
};

const BY_STATUS = /^[45]\d\d(?:-html)?$/;

/** Whether the simulators can play the fault. */
export function isFault(name: string): boolean {
	return BY_STATUS.test(name) || Object.hasOwn(FAULTS, name);
}

/** A rule set by an admin call: the controls of requests that match. */
export interface FaultRule {
	id: number;
	vendor?: string;
	model?: string;
	/** Which endpoint: `chat` (default), `count_tokens`, `models`, or `any`. */
	endpoint: string;
	/** Matching requests to let pass first. */
	after: number;
	controls: Controls;
}

/** A rule without what the registry adds. */
export type NewFaultRule = Omit<FaultRule, 'id' | 'endpoint' | 'after'> & { endpoint?: string; after?: number };

/** Keeps the admin's rules and counts how often faults have struck. */
export class FaultRegistry {
	#rules: FaultRule[] = [];
	#next = 1;
	readonly #struck = new Map<string, number>();

	/** Adds a rule, after those already there. */
	add(rule: NewFaultRule): FaultRule {
		const added = { ...rule, id: this.#next++, endpoint: rule.endpoint ?? 'chat', after: rule.after ?? 0 };
		this.#rules.push(added);
		return added;
	}

	/** The rules that still apply. */
	list(): FaultRule[] {
		return this.#rules.map((rule) => ({ ...rule, controls: { ...rule.controls } }));
	}

	/** Removes every rule and forgets every count. */
	clear(): void {
		this.#rules = [];
		this.#struck.clear();
	}

	/** The controls of the first rule that this request meets; uses up one of its `times`. */
	match(vendor: string, model: string | null, endpoint: string): Controls | undefined {
		for (const rule of this.#rules) {
			if (rule.vendor !== undefined && rule.vendor !== vendor) continue;
			if (rule.model !== undefined && rule.model !== model) continue;
			if (rule.endpoint !== 'any' && rule.endpoint !== endpoint) continue;
			if (rule.after > 0) {
				rule.after--;
				continue;
			}
			this.#use(rule);
			return { ...rule.controls };
		}
		return undefined;
	}

	#use(rule: FaultRule): void {
		if (rule.controls.times === undefined) return;
		rule.controls.times--;
		if (rule.controls.times <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
	}

	/** Whether a fault asked for by the request itself (`key` names the request's controls) still strikes, and counts it. */
	strikes(key: string, times: number): boolean {
		const struck = this.#struck.get(key) ?? 0;
		if (struck >= times) return false;
		this.#struck.set(key, struck + 1);
		return true;
	}
}
