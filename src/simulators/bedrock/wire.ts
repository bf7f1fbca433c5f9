import type { Wire } from '../core/exchange.ts';
import type { Problem } from '../core/types.ts';
import { eventMessage, exceptionMessage } from './eventstream.ts';
import { problem } from './problems.ts';

/** The documented errors by status. */
const ERRORS: { [status: number]: [name: string, message: string] } = {
	400: ['ValidationException', 'The input fails to satisfy the constraints specified by the service.'],
	401: ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
	403: ['AccessDeniedException', "You don't have access to the model with the specified model ID."],
	404: ['ResourceNotFoundException', 'The specified resource was not found.'],
	408: ['ModelTimeoutException', 'Model has timed out in processing the request. Try your request again.'],
	424: ['ModelErrorException', 'The system encountered an unexpected error during processing. Try your request again.'],
	429: ['ThrottlingException', 'Too many requests, please wait before trying again.'],
	500: ['InternalServerException', 'The system encountered an unexpected error during processing. Try your request again.'],
	503: ['ServiceUnavailableException', 'Bedrock is unable to process your request.'],
};

/** What can break off a stream, and its text. */
const EXCEPTIONS: { [type: string]: string } = {
	internalServerException: 'The system encountered an unexpected error during processing. Try your request again.',
	modelStreamErrorException: 'The model encountered an unexpected error while streaming its answer. Try your request again.',
	serviceUnavailableException: 'Bedrock is unable to process your request.',
	throttlingException: 'Too many tokens, please wait before trying again.',
	validationException: 'The model returned an answer that the service cannot read.',
};

function exception(type: string): Buffer {
	const payload = { message: EXCEPTIONS[type] ?? 'Simulated exception.' };
	const more = type === 'modelStreamErrorException' ? { originalStatusCode: 500, originalMessage: 'Internal server error' } : {};
	return exceptionMessage(type, { ...payload, ...more });
}

function fault(status: number): Problem {
	const unnamed = status < 500 ? 'ValidationException' : 'InternalServerException';
	const [name, message] = ERRORS[status] ?? [unnamed, `Simulated error ${status}.`];
	return problem(message, name, status);
}

/** How headers, errors and streams look. */
export const bedrockWire: Wire = {
	framing: 'binary',
	headers: ({ row }) => ({ 'x-amzn-requestid': row.requestId }),
	problem: (status, { controls }) => {
		const { headers, ...rest } = fault(status);
		const wait =
			controls.retryAfter ?? (controls.retryAfterMs === undefined ? undefined : Math.ceil(controls.retryAfterMs / 1000));
		return { ...rest, headers: { ...headers, ...(wait === undefined ? {} : { 'retry-after': String(wait) }) } };
	},
	quota: () => problem('Too many tokens per day, please wait before trying again.', 'ThrottlingException'),
	errorEvent: (_before, error = 'throttlingException') => exception(error),
	hugeEvent: (bytes) => eventMessage('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'x'.repeat(bytes) }, p: 'abc' }),
};
