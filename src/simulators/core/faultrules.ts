import type { Controls } from './controls.ts';

/** A rule set by an admin call: the controls of requests that match. */
export interface FaultRule {
	id: number;
	vendor?: string;
	model?: string;
	/**
	 * Which endpoint: `chat` (default), `completions`, `count_tokens`, `embeddings`, `models`, `moderations`,
	 * `rerank`, `responses` (kept ones), `token`, or `any`.
	 */
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
