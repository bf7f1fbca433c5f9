import type { BudgetId } from './budgets.ts';

export interface Detail {
	what: string;
	who: string;
	figures: { [name: string]: number };
}

/** Collects what the measurements find. */
export class Findings {
	readonly figures = new Map<BudgetId, number>();
	readonly details: Detail[] = [];
	readonly notes: string[] = [];

	/** The figure of a budget; undefined where it could not be measured. */
	figure(id: BudgetId, value: number | undefined): void {
		if (value !== undefined) this.figures.set(id, value);
	}

	/** An absolute figure, true of this machine only. */
	detail(what: string, who: string, figures: { [name: string]: number }): void {
		this.details.push({ what, who, figures });
	}

	note(text: string): void {
		this.notes.push(text);
	}
}
