import { account } from './accounting.ts';
import type { Leaf } from './leaves.ts';
import { patternOf } from './leaves.ts';
import type { Answer } from './recordings.ts';
import { crossRequest, named } from './requests.ts';

/** Values that may make no difference in the other dialect without a warning, by place. */
export interface HarmlessLoss {
	place: RegExp;
	value?: (value: Leaf['value']) => boolean;
	reason: string;
}

/** What became of a request on its way into the other dialect. */
export interface RequestFate {
	/** Why it was refused whole; undefined when it was not. */
	refused: string | undefined;
	carried: number;
	read: number;
	warned: number;
	harmless: { path: string; reason: string }[];
	problems: string[];
}

/** (c) Accounts for every value of a recorded request. */
export function checkRequest(answer: Pick<Answer, 'own' | 'request'>, harmless: readonly HarmlessLoss[]): RequestFate {
	const fate: RequestFate = { refused: undefined, carried: 0, read: 0, warned: 0, harmless: [], problems: [] };
	const body = named(answer.request ?? {});
	const whole = crossRequest(body, answer.own);
	if (whole.refused !== undefined) return { ...fate, refused: `${whole.refused.code}: ${whole.refused.message}` };
	const accounted = account(body, (input) => {
		const crossed = crossRequest(input, answer.own);
		return crossed.refused === undefined ? crossed : undefined;
	});
	for (const value of accounted) {
		if (value.fate !== 'lost') fate[value.fate]++;
		else {
			const place = `${answer.own} ${patternOf(value.steps)}`;
			const known = harmless.find((each) => each.place.test(place) && (each.value?.(value.value) ?? true));
			if (known === undefined)
				fate.problems.push(`${value.path} is lost in silence: ${JSON.stringify(value.value).slice(0, 80)}`);
			else fate.harmless.push({ path: value.path, reason: known.reason });
		}
	}
	return fate;
}
