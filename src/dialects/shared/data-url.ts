import type { MediaSource } from '../../spec/index.ts';

const BASE64 = ';base64';

/** Where a URL points: base64 data URLs are unpacked, save those with further parameters. */
export function sourceOfUrl(url: string): MediaSource {
	const comma = url.indexOf(',');
	const head = url.startsWith('data:') && comma >= 0 ? url.slice(5, comma) : '';
	const mediaType = head.endsWith(BASE64) ? head.slice(0, -BASE64.length) : '';
	if (mediaType === '' || mediaType.includes(';')) return { type: 'url', url };
	return { type: 'base64', mediaType, data: url.slice(comma + 1) };
}

/** The URL of a source, or undefined where it has none: a file of some vendor, or plain text. */
export function urlOfSource(source: MediaSource): string | undefined {
	if (source.type === 'url') return source.url;
	return source.type === 'base64' ? `data:${source.mediaType}${BASE64},${source.data}` : undefined;
}
