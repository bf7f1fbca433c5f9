import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** One recorded exchange with a vendor; its fields are described beside the recordings. */
export interface Recording {
	id: string;
	provider: string;
	api: string;
	features: string[];
	request: { body: JsonObject | null } | null;
	response: {
		status: number;
		headers?: { [name: string]: string };
		body?: JsonValue;
		body_text?: string;
		framing?: string;
		chunk_sizes?: number[];
	};
}

export type SurfaceName = 'chat' | 'messages';

/** One answer to replay. A recording of payloads alone may hold several streams, one after another: each is an answer. */
export interface Answer {
	/** The recording's id, with the answer's place where there are several. */
	id: string;
	recording: Recording;
	/** The model that was asked, made unique: it names the answer to the replaying vendor. */
	model: string;
	/** The surface whose dialect the vendor speaks. */
	own: SurfaceName;
	streamed: boolean;
	status: number;
	headers: { [name: string]: string };
	bytes: Buffer;
	/** Where the network cut the body, if that was recorded. */
	chunkSizes: number[] | undefined;
	/** What was asked, where that was recorded. */
	request: JsonObject | undefined;
}

const WIRE = join(import.meta.dirname, '../../../../shared/wire');
const SURFACES: { [api: string]: SurfaceName } = { 'chat-completions': 'chat', messages: 'messages' };

/**
 * Every recording of the two dialects, sorted by id; none where the recordings are absent.
 * @param apis other APIs to load in their place
 */
export function loadRecordings(apis: readonly string[] = Object.keys(SURFACES)): Recording[] {
	if (!existsSync(WIRE)) return [];
	return readdirSync(WIRE, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name }) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
		.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
		.filter((recording) => apis.includes(recording.api))
		.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The answers a recording holds. */
export function answersOf(recording: Recording): Answer[] {
	const { response, request, api, id } = recording;
	const own = SURFACES[api] ?? 'chat';
	const streamed = response.status === 200 && response.body_text !== undefined;
	const bodies = response.framing === 'payload-lines' ? framed(response.body_text ?? '', own) : [bodyText(recording)];
	const ids = bodies.map((_, index) => (bodies.length === 1 ? id : `${id}~${index + 1}`));
	return bodies.map((text, index) => ({
		id: ids[index] ?? id,
		recording,
		model: `${String(request?.body?.model ?? 'unnamed')}:${ids[index]}`,
		own,
		streamed,
		status: response.status,
		headers: { ...response.headers, 'content-type': contentType(recording, streamed) },
		bytes: Buffer.from(text),
		chunkSizes: response.chunk_sizes,
		request: request?.body ?? undefined,
	}));
}

function bodyText({ response }: Recording): string {
	return response.body_text ?? JSON.stringify(response.body);
}

function contentType({ response }: Recording, streamed: boolean): string {
	const stated = response.headers?.['content-type'];
	return stated ?? (streamed ? 'text/event-stream' : 'application/json');
}

/** Gives payload lines the framing their vendor puts around them; an end of an answer ends its stream. */
function framed(text: string, own: SurfaceName): string[] {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	if (own === 'chat') return [[...lines, '[DONE]'].map((line) => `data: ${line}\n\n`).join('')];
	const streams: string[] = [''];
	for (const line of lines) {
		const type = String((JSON.parse(line) as JsonObject).type);
		streams[streams.length - 1] += `event: ${type}\ndata: ${line}\n\n`;
		if (type === 'message_stop') streams.push('');
	}
	return streams.filter((stream) => stream !== '');
}
