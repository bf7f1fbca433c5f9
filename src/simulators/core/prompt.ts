import type { JsonObject } from '../../spec/index.ts';

/** A file in a request, really decoded where its bytes came along. */
export interface Attachment {
	kind: 'image' | 'document' | 'audio' | 'video';
	mediaType: string;
	/** 0 where only an address or an id was given. */
	bytes: number;
	width?: number;
	height?: number;
	/** Its address, id or file name. */
	name?: string;
}

/** A tool the model may call. `schema` undefined: it takes free text. */
export interface OfferedTool {
	name: string;
	schema: JsonObject | undefined;
}

/** The result of an earlier tool call. */
export interface ToolOutcome {
	name: string;
	text: string;
	failed: boolean;
	attachments: Attachment[];
}

/** What a request asks, in words both protocols share: all that the script of an answer depends on. */
export interface Prompt {
	vendor: string;
	model: string;
	/** The system text. */
	instructions: string;
	/** The last user turn's text. */
	said: string;
	attachments: Attachment[];
	/** Tool results the conversation ends with. */
	outcomes: ToolOutcome[];
	tools: OfferedTool[];
	toolChoice: 'auto' | 'none' | 'required' | { name: string };
	parallel: boolean;
	format: 'text' | 'json' | { schema: JsonObject };
	/** How many sentences of reasoning to write; 0 for none. */
	reasoning: number;
}

const QUOTE = 400;

/** The text in quotation marks, its middle left out where it is long. */
export function quote(text: string, most = QUOTE): string {
	const points = Array.from(text.length > most * 2 ? text.slice(0, most * 2) : text);
	return points.length <= most ? `«${text}»` : `«${points.slice(0, most).join('')}…»`;
}
