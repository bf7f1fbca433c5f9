import { table } from '../shared/index.ts';

/** Formats of the wire and the media types they stand for. */
type Formats = { readonly [format: string]: string };

export const IMAGE_FORMATS: Formats = table({
	png: 'image/png',
	jpeg: 'image/jpeg',
	gif: 'image/gif',
	webp: 'image/webp',
});

export const DOCUMENT_FORMATS: Formats = table({
	pdf: 'application/pdf',
	csv: 'text/csv',
	doc: 'application/msword',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	xls: 'application/vnd.ms-excel',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	html: 'text/html',
	txt: 'text/plain',
	md: 'text/markdown',
});

export const VIDEO_FORMATS: Formats = table({
	mkv: 'video/x-matroska',
	mov: 'video/quicktime',
	mp4: 'video/mp4',
	webm: 'video/webm',
	flv: 'video/x-flv',
	mpeg: 'video/mpeg',
	mpg: 'video/mpg',
	wmv: 'video/x-ms-wmv',
	three_gp: 'video/3gpp',
});

export const AUDIO_FORMATS: Formats = table({
	mp3: 'audio/mpeg',
	wav: 'audio/wav',
	flac: 'audio/flac',
	ogg: 'audio/ogg',
	opus: 'audio/opus',
	aac: 'audio/aac',
	m4a: 'audio/mp4',
	webm: 'audio/webm',
	pcm: 'audio/pcm',
});

const ALIASES: Formats = table({
	'image/jpg': 'image/jpeg',
	'audio/mp3': 'audio/mpeg',
	'audio/x-wav': 'audio/wav',
	'application/json': 'text/plain',
	'application/xml': 'text/plain',
	'text/x-markdown': 'text/markdown',
});

/** The wire's name of a media type; undefined where it has none. Any text that is no format of its own counts as plain. */
export function formatOf(formats: Formats, mediaType: string): string | undefined {
	const bare = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
	const wanted = ALIASES[bare] ?? bare;
	for (const format in formats) if (formats[format] === wanted) return format;
	return formats === DOCUMENT_FORMATS && wanted.startsWith('text/') ? 'txt' : undefined;
}

/** The type of a call of a tool that the service runs, and of what such a tool gave back. The application's have none, or `tool_use`. */
export const SERVER_CALL = 'server_tool_use';
export const SERVER_RESULT = /_result$/;
