import type { RelaisError } from '../../spec/index.ts';
import type { AttemptRecord, RoutedRequest } from '../types.ts';
import { summarise } from './blame.ts';
import { answerHeaders } from './headers.ts';

/** The plain error answer to a request of whose answer nothing was sent. */
export interface RefusalAnswer {
	error: RelaisError;
	status: number;
	headers: { [name: string]: string };
	body: Buffer;
}

/** Says in the client's dialect why a request could not be answered: by the last error, and what was tried before it. */
export function refusal(
	{ surface, id, plan }: RoutedRequest,
	last: RelaisError,
	attempts: readonly AttemptRecord[],
): RefusalAnswer {
	const error = summarise(last, attempts);
	const encoded = surface.encodeError(error, id);
	const target = plan.targets.find((candidate) => candidate.label === attempts.at(-1)?.target);
	const headers: { [name: string]: string } = { 'x-relais-request-id': id, ...encoded.headers };
	if (target !== undefined) Object.assign(headers, answerHeaders(id, target, attempts.length, plan.route, [], {}));
	const body = Buffer.from(JSON.stringify(encoded.body));
	headers['content-type'] = 'application/json';
	headers['content-length'] = String(body.length);
	return { error, status: encoded.status, headers, body };
}
