import { isRelaisError, RelaisError } from '../../spec/index.ts';

/** An answer that is not of its dialect. */
export function protocol(message: string, cause?: unknown): RelaisError {
	return new RelaisError('provider_protocol', message, { cause });
}

/** Runs a reader of answers: what it finds malformed is the provider's fault, not the client's. */
export function asAnswer<T>(reader: () => T): T {
	try {
		return reader();
	} catch (error) {
		if (isRelaisError(error) && error.code === 'invalid_request')
			throw protocol(`The answer is malformed: ${error.message}`, error);
		throw error;
	}
}
