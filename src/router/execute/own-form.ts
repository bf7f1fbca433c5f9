import type { ChatResponse, ContentPart, Extensible, StreamPart } from '../../spec/index.ts';

/*
 * A vendor whose answers depart from its dialect (`WireEndpoint.translates`) leaves marks of its form on what it says, by which an
 * encoder of that dialect would say it again as it came. Clients get the usual form.
 */

function bare<T extends Extensible>(node: T, dialect: string): T {
	const { extensions } = node;
	if (extensions?.[dialect] === undefined) return node;
	const { [dialect]: _, ...others } = extensions;
	return { ...node, extensions: others };
}

/** An answer that, but for its head, bears no marks of this dialect's form. */
export function formless(response: ChatResponse, dialect: string): ChatResponse {
	const plain = (part: ContentPart): ContentPart => bare(part, dialect);
	const candidates = response.candidates.map((each) => ({ ...bare(each, dialect), content: each.content.map(plain) }));
	return { ...response, candidates };
}

/** The same for a part of a stream. */
export function formlessPart(part: StreamPart, dialect: string): StreamPart {
	if (part.type === 'block-start') return bare({ ...part, content: bare(part.content, dialect) }, dialect);
	const inBlock = part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-input-delta';
	return inBlock || part.type === 'block-end' ? bare(part, dialect) : part;
}
