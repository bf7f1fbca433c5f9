import type { ContentPart } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

/** The content of a failed tool's result where no flag can say so: its text begins with 'Error:'. */
export function failureInWords(content: ContentPart[], path: string, losses: Losses): ContentPart[] {
	losses.add('changed', `${path}.is_error`, "A failed tool's result has no flag in this dialect; its text begins with 'Error:'.");
	const [first, ...others] = content;
	if (first?.type !== 'text') return [{ type: 'text', text: 'Error:' }, ...content];
	return /^error\b/i.test(first.text) ? content : [{ ...first, text: `Error: ${first.text}` }, ...others];
}
