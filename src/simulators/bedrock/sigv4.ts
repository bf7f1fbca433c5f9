import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { SigningKeys } from '../core/types.ts';

/** A request as it came over the wire. */
export interface SignedRequest {
	method: string;
	/** Path and query as sent. */
	url: string;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

/** Why a signature is refused: the error's name and text. */
export interface Refused {
	name: string;
	message: string;
}

/** What the Authorization header says. */
interface Claim {
	accessKeyId: string;
	date: string;
	region: string;
	service: string;
	terminator: string;
	signedHeaders: string[];
	signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const WINDOW_MS = 5 * 60_000;

function parameter(header: string, name: string): string {
	return new RegExp(`(?:^|[ ,])${name}=([^, ]+)`).exec(header)?.[1] ?? '';
}

function claimOf(header: string): Claim | Refused {
	const missing = ['Credential', 'SignedHeaders', 'Signature'].filter((name) => parameter(header, name) === '');
	if (!header.startsWith(`${ALGORITHM} `) || missing.length > 0) {
		const texts = missing.map((name) => `Authorization header requires '${name}' parameter.`);
		return {
			name: 'IncompleteSignatureException',
			message: `${texts.join(' ')} Authorization=${header.split(' ')[0] ?? ''}`.trim(),
		};
	}
	const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parameter(header, 'Credential').split('/');
	const signedHeaders = parameter(header, 'SignedHeaders').split(';');
	return { accessKeyId, date, region, service, terminator, signedHeaders, signature: parameter(header, 'Signature') };
}

/** Unix ms of `20250130T064508Z`; NaN for anything else. */
function timeOf(stamp: string): number {
	const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
	return y === undefined ? Number.NaN : Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

function stampOf(ms: number): string {
	return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function dateFault(stamp: string, { date }: Claim, now: number): Refused | undefined {
	const at = timeOf(stamp);
	const name = 'InvalidSignatureException';
	if (Number.isNaN(at)) {
		return { name: 'IncompleteSignatureException', message: `Date must be in ISO-8601 'basic format'. Got '${stamp}'.` };
	}
	if (!stamp.startsWith(date))
		return {
			name,
			message: `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${stamp.slice(0, 8)}', from '${stamp}'.`,
		};
	if (at < now - WINDOW_MS) {
		return {
			name,
			message: `Signature expired: ${stamp} is now earlier than ${stampOf(now - WINDOW_MS)} (${stampOf(now)} - 5 min.)`,
		};
	}
	if (at > now + WINDOW_MS) {
		return {
			name,
			message: `Signature not yet current: ${stamp} is still later than ${stampOf(now + WINDOW_MS)} (${stampOf(now)} + 5 min.)`,
		};
	}
	return undefined;
}

/** Every byte but the unreserved ones of RFC 3986 as %XX. */
function encoded(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The path encoded once more than it is on the wire, as all services but S3 sign it. */
function canonicalPath(path: string): string {
	return path.split('/').map(encoded).join('/');
}

function canonicalQuery(search: string): string {
	const pairs = [...new URLSearchParams(search)].map(([name, value]) => [encoded(name), encoded(value)] as const);
	const ordered = pairs.sort(([a, av], [b, bv]) => (a === b ? (av < bv ? -1 : 1) : a < b ? -1 : 1));
	return ordered.map(([name, value]) => `${name}=${value}`).join('&');
}

function headerText(headers: IncomingHttpHeaders, name: string): string {
	const value = headers[name];
	return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/ +/g, ' ');
}

/** The request in the one form that client and server sign. */
export function canonicalRequest(
	{ method, url, headers }: SignedRequest,
	signed: readonly string[],
	payloadHash: string,
): string {
	const [path = '/', search = ''] = url.split('?', 2);
	const lines = signed.map((name) => `${name}:${headerText(headers, name)}\n`);
	return [method, canonicalPath(path), canonicalQuery(search), lines.join(''), signed.join(';'), payloadHash].join('\n');
}

function hmac(key: string | Buffer, text: string): Buffer {
	return createHmac('sha256', key).update(text).digest();
}

function signatureOf(claim: Claim, stamp: string, canonical: string, secret: string): string {
	const { date, region, service } = claim;
	const scope = `${date}/${region}/${service}/aws4_request`;
	const toSign = [ALGORITHM, stamp, scope, hash('sha256', canonical, 'hex')].join('\n');
	const key = ['aws4_request'].reduce(hmac, [region, service].reduce(hmac, hmac(`AWS4${secret}`, date)));
	return hmac(key, toSign).toString('hex');
}

function equal(a: string, b: string): boolean {
	return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const MISMATCH: Refused = {
	name: 'InvalidSignatureException',
	message:
		'The request signature we calculated does not match the signature you provided. ' +
		'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
};

function scopeFault({ region, service, terminator }: Claim, wanted: string): Refused | undefined {
	const name = 'InvalidSignatureException';
	if (!/^[a-z]{2,3}(-[a-z]+)+-\d$/.test(region)) return { name, message: 'Credential should be scoped to a valid region. ' };
	if (service !== wanted) return { name, message: `Credential should be scoped to correct service: '${wanted}'. ` };
	if (terminator === 'aws4_request') return undefined;
	return { name, message: "Credential should be scoped with a valid terminator: 'aws4_request'. " };
}

/** What must be signed: the host, the date, and every `x-amz-` header that came along. */
function unsigned(headers: IncomingHttpHeaders, signed: readonly string[]): string | undefined {
	const wanted = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
	return wanted.find((name) => !signed.includes(name));
}

/** Checks a request's signature (Signature Version 4) for a service; undefined where it is right. `now`: Unix ms. */
export function signatureFault(request: SignedRequest, keys: SigningKeys, service: string, now: number): Refused | undefined {
	const { headers, body } = request;
	const claim = claimOf(headers.authorization ?? '');
	if ('message' in claim) return claim;
	const token = headers['x-amz-security-token'];
	if (claim.accessKeyId !== keys.accessKeyId || token !== keys.sessionToken) {
		return { name: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' };
	}
	const stamp = headerText(headers, 'x-amz-date');
	const wrong = scopeFault(claim, service) ?? dateFault(stamp, claim, now);
	if (wrong !== undefined) return wrong;
	const missing = unsigned(headers, claim.signedHeaders);
	if (missing !== undefined)
		return { name: MISMATCH.name, message: `'${missing}' must be a 'SignedHeader' in the AWS Authorization.` };
	const payload = hash('sha256', body, 'hex');
	const announced = headerText(headers, 'x-amz-content-sha256');
	if (announced !== '' && announced !== payload) return MISMATCH;
	const right = signatureOf(claim, stamp, canonicalRequest(request, claim.signedHeaders, payload), keys.secretAccessKey);
	return equal(right, claim.signature) ? undefined : MISMATCH;
}
