/** Splits a base64 data URL; undefined for any other URL and for data URLs with further parameters. */
export function parseDataUrl(url: string): { mediaType: string; data: string } | undefined {
	if (!url.startsWith('data:')) return undefined;
	const comma = url.indexOf(',');
	const head = url.slice(5, comma);
	if (comma < 0 || !head.endsWith(';base64')) return undefined;
	const mediaType = head.slice(0, -7);
	return mediaType === '' || mediaType.includes(';') ? undefined : { mediaType, data: url.slice(comma + 1) };
}

export function dataUrl(mediaType: string, data: string): string {
	return `data:${mediaType};base64,${data}`;
}
