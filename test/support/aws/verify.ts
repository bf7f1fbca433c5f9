import { createHash, createHmac } from 'node:crypto';

/** A request as a server got it. */
export interface Received {
	method: string;
	/** Path and query as they came. */
	url: string;
	/** Lower-case names. */
	headers: { readonly [name: string]: string | string[] | undefined };
	body: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Encodes once more what came: the canonical path of every service but storage. */
function canonicalPath(path: string): string {
	return path
		.split('/')
		.map((segment) =>
			encodeURIComponent(segment).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
		)
		.join('/');
}

/**
 * The signature (AWS Signature Version 4) that a request with this `authorization` header must have, computed by the published
 * rules as the service does.
 */
export function expectedSignature(request: Received, secret: string): string {
	const authorization = String(request.headers.authorization);
	const [, day = '', region = '', service = '', names = ''] =
		/Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+),/.exec(authorization) ?? [];
	const [path = '', query = ''] = request.url.split('?');
	const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
	const canonical = [request.method, canonicalPath(path), query, headers.join(''), names, sha256(request.body)].join('\n');
	const scope = `${day}/${region}/${service}/aws4_request`;
	const text = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), scope, sha256(canonical)].join('\n');
	const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request');
	return hmac(key, text).toString('hex');
}

/** The signature a request states. */
export function statedSignature(request: Received): string | undefined {
	return /Signature=([0-9a-f]+)/.exec(String(request.headers.authorization))?.[1];
}
