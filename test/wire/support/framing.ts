import type { Answer } from './recordings.ts';

/** Oddities in the framing of a stream that a client has to survive. */
export type Framing = 'CRLF' | 'comments' | 'no space' | 'id or retry' | 'no last blank line' | 'no [DONE]' | 'recorded chunks';

const ODDITIES: { readonly [oddity in Framing]: (text: string, answer: Answer) => boolean } = {
	CRLF: (text) => text.includes('\r\n'),
	comments: (text) => /^:/m.test(text),
	'no space': (text) => /^data:[^ ]/m.test(text),
	'id or retry': (text) => /^(id|retry):/m.test(text),
	'no last blank line': (text) => !/(\r\n|\n|\r)(\r\n|\n|\r)$/.test(text),
	'no [DONE]': (text, answer) => answer.own === 'chat' && !/^data: ?\[DONE\]/m.test(text),
	'recorded chunks': (_, answer) => answer.chunkSizes !== undefined,
};

export function framingOf(answer: Answer): Framing[] {
	if (!answer.streamed) return [];
	const text = answer.bytes.toString('utf8');
	return (Object.keys(ODDITIES) as Framing[]).filter((oddity) => ODDITIES[oddity](text, answer));
}
