import { createHash } from 'node:crypto';
import type { WireCall } from '../../../spec/index.ts';
import type { AwsCredentials } from './types.ts';

/** What a signature is valid for. */
export interface SigningScope {
	region: string;
	/** Name of the service in signatures, e.g. `bedrock`. */
	service: string;
	/** Unix time in ms. */
	now: number;
}

/** Signing keys of the day, by secret, day, region and service. */
const signingKeys = new Map<string, ArrayBuffer>();
const MOST_KEYS = 100;

/**
 * Signs a call (AWS Signature Version 4) over method, path, host, date and body. Returns another call with the signature's headers
 * in place of any `authorization`. The path must be encoded as it will be sent: `:` in a model's id as `%3A`, which the signature
 * encodes once more, as the service does on its side.
 */
export async function signAws(call: WireCall, credentials: AwsCredentials, scope: SigningScope): Promise<WireCall> {
	const { AwsV4Signer } = await import('aws4fetch');
	if (signingKeys.size > MOST_KEYS) signingKeys.clear();
	const signer = new AwsV4Signer({
		method: call.method,
		url: call.origin + call.path,
		headers: { 'x-amz-content-sha256': bodyHash(call.body) },
		accessKeyId: credentials.accessKeyId,
		secretAccessKey: credentials.secretAccessKey,
		...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
		region: scope.region,
		service: scope.service,
		datetime: new Date(scope.now).toISOString().replace(/[:-]|\.\d{3}/g, ''),
		cache: signingKeys,
	});
	const { headers } = await signer.sign();
	return { ...call, headers: [...without(call.headers, 'authorization'), ...[...headers].flat()] };
}

/** SHA-256 of a body in hexadecimal. */
function bodyHash(body: WireCall['body']): string {
	const hash = createHash('sha256');
	for (const piece of Array.isArray(body) ? body : [body ?? '']) hash.update(piece);
	return hash.digest('hex');
}

/** Headers, alternating names and values, without those of one name. */
export function without(headers: readonly string[], name: string): string[] {
	const kept: string[] = [];
	for (let i = 0; i < headers.length; i += 2) {
		const header = headers[i] ?? '';
		if (header.toLowerCase() !== name) kept.push(header, headers[i + 1] ?? '');
	}
	return kept;
}
