import { isObject, tryParse } from '../../lib/json.ts';
import { reasonOf } from '../../lib/reason.ts';
import {
	type JsonObject,
	type JsonValue,
	type ProviderHost,
	RelaisError,
	type Signer,
	type WireCall,
	type WireReply,
} from '../../spec/index.ts';
import { without } from './aws/index.ts';
import type { Passing, Renewed } from './renewed.ts';

/** What is shown to a vendor for a time, as `authorization: Bearer <token>`. */
export interface AccessToken extends Passing {
	token: string;
}

/** What fetching tokens needs. */
export type TokenHost = Pick<ProviderHost, 'request' | 'conceal'>;

/** Who wants a token, for messages. */
export interface TokenSeeker {
	/** Name of the configured provider. */
	provider: string;
	/** What to do when there are no credentials or they are refused. */
	cure: string;
	host: TokenHost;
	/** Unix time in ms. */
	now(): number;
}

/** A call to whoever gives out tokens. */
export interface TokenCall {
	/** Who that is, for messages. */
	who: string;
	url: string;
	/** Sent as a form; a POST. */
	form?: { readonly [field: string]: string };
	/** Sent as JSON; a POST. */
	json?: JsonObject;
	/** Sent without a body. Default: GET, or POST where there is a body. */
	headers?: { readonly [name: string]: string };
	/** Texts that no message may hold, whatever the answer says. */
	secrets?: readonly string[];
	/** Time allowed, in ms. */
	limitMs?: number;
	/** The path leads to a machine's own service: no answer means that this is no such machine. */
	ambient?: boolean;
}

/** Time for a token endpoint to answer, in ms. */
const LIMIT_MS = 15_000;

/** The error for credentials that are missing, broken or refused; it names the provider and what to do. */
export function noCredentials(seeker: Pick<TokenSeeker, 'provider' | 'cure'>, reason: string, cause?: unknown): RelaisError {
	const message = `provider "${seeker.provider}" has no credentials: ${reason}; ${seeker.cure}`;
	return new RelaisError('provider_auth', message, { provider: seeker.provider, cause });
}

/**
 * Asks an endpoint that gives out tokens and gives back its answer. Rejects with `provider_auth` for credentials it refuses, with
 * `provider_unavailable` where it has trouble of its own or cannot be reached.
 */
export async function askForToken(seeker: TokenSeeker, call: TokenCall): Promise<JsonObject> {
	const body = tryParse(await askForText(seeker, call));
	if (isObject(body)) return body;
	throw noCredentials(seeker, `${call.who} answered with something other than JSON`);
}

/** The same for an endpoint that answers with a text. */
export async function askForText(seeker: TokenSeeker, call: TokenCall): Promise<string> {
	const { status, body } = await reply(seeker, call);
	const text = body.toString('utf8').trim();
	if (status >= 200 && status <= 299) return text;
	const said = hidden(explanation(tryParse(text)), call.secrets ?? []);
	const answered = `${call.who} answered ${status}${said === '' ? '' : `: ${said}`}`;
	if (status === 429 || status >= 500) throw unavailable(seeker, answered);
	throw noCredentials(seeker, answered);
}

async function reply(seeker: TokenSeeker, call: TokenCall): Promise<WireReply> {
	const { who, limitMs: limit = LIMIT_MS } = call;
	const limits = { connect: limit, headers: limit, answer: limit, firstToken: limit, idle: limit, total: limit };
	const wire = wireCall(seeker, call);
	for (const secret of call.secrets ?? []) seeker.host.conceal?.(secret);
	try {
		return await seeker.host.request(wire, limits, AbortSignal.timeout(limit));
	} catch (cause) {
		const reason = `${who} cannot be reached (${reasonOf(cause)})`;
		throw call.ambient === true ? noCredentials(seeker, reason, cause) : unavailable(seeker, reason, cause);
	}
}

function unavailable({ provider }: TokenSeeker, reason: string, cause?: unknown): RelaisError {
	return new RelaisError('provider_unavailable', `provider "${provider}": ${reason}`, { provider, cause });
}

function wireCall(seeker: TokenSeeker, { url, form, json, headers = {}, who }: TokenCall): WireCall {
	if (!URL.canParse(url)) throw noCredentials(seeker, `the address of ${who} is not a URL`);
	const { origin, pathname, search } = new URL(url);
	const call = { origin, path: pathname + search };
	if (form !== undefined) {
		const body = new URLSearchParams({ ...form }).toString();
		return { ...call, method: 'POST', headers: fields('application/x-www-form-urlencoded', headers), body };
	}
	if (json !== undefined)
		return { ...call, method: 'POST', headers: fields('application/json', headers), body: JSON.stringify(json) };
	return { ...call, method: 'GET', headers: Object.entries(headers).flat() };
}

function fields(type: string, headers: { readonly [name: string]: string }): string[] {
	return [...Object.entries({ 'content-type': type, accept: 'application/json', ...headers }).flat()];
}

/** The start of what an endpoint says of its refusal, as OAuth and the clouds write it. */
function explanation(body: JsonValue | undefined): string {
	if (!isObject(body)) return '';
	const { error, error_description: description, message = body.errorMessage } = body;
	const inner = isObject(error) ? error.message : error;
	const texts = [inner, description, message].filter((text) => typeof text === 'string');
	return (
		texts
			.join(': ')
			.split(/[\r\n]/, 1)[0]
			?.slice(0, 200) ?? ''
	);
}

function hidden(text: string, secrets: readonly string[]): string {
	return secrets.filter((secret) => secret !== '').reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

/** Reads a token and its end out of an answer; `expires_in` counts seconds from now, `expires_on` is Unix time in seconds. */
export function tokenIn(answer: JsonObject, seeker: TokenSeeker, who: string, field = 'access_token'): AccessToken {
	const token = answer[field];
	if (typeof token !== 'string' || token === '') throw noCredentials(seeker, `${who} answered without a token`);
	seeker.host.conceal?.(token);
	const { expires_in: seconds, expires_on: end, expireTime } = answer;
	if (isNumeric(seconds)) return { token, expiresAt: seeker.now() + Number(seconds) * 1000 };
	if (isNumeric(end)) return { token, expiresAt: Number(end) * 1000 };
	const time = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
	return Number.isNaN(time) ? { token } : { token, expiresAt: time };
}

function isNumeric(value: JsonValue | undefined): boolean {
	return (typeof value === 'number' || typeof value === 'string') && value !== '' && Number.isFinite(Number(value));
}

/** A signer that may have to fetch first. */
export interface TokenSigner extends Signer {
	(call: WireCall): Promise<WireCall>;
	refused(): boolean;
}

/** Puts a token on calls in place of any other authorization. */
export function bearerSigner(tokens: Renewed<AccessToken>): TokenSigner {
	return Object.assign(async (call: WireCall) => withBearer(call, await tokens()), { refused: tokens.refused });
}

/** A call with a token in place of any other authorization. */
export function withBearer(call: WireCall, { token }: AccessToken): WireCall {
	return { ...call, headers: [...without(call.headers, 'authorization'), 'authorization', `Bearer ${token}`] };
}

/** Whether the config gives a header that shows credentials, so that nothing is to be added. */
export function showsCredentials(headers: { readonly [name: string]: string }): boolean {
	return Object.keys(headers).some((name) =>
		['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'].includes(name.toLowerCase()),
	);
}
