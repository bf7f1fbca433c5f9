/** The faults that have a name, and what each does. Beside them: any status from 400 to 599, and `<status>-html`. */
export const FAULTS: { [name: string]: string } = {
	quota: 'the error of an account without credit',
	reset: 'the connection is reset before any header',
	'reset-after-headers': 'the headers are sent, then the connection is reset',
	silence: 'the request is accepted and never answered',
	'slow-first-token': 'the first byte waits (ms, default 2000); headers=early or late',
	cut: 'the connection is closed within the answer (fraction, default 2/3)',
	stall: 'the answer stops half way and the connection stays open (fraction, default 0.5)',
	malformed: 'one event (or the body) is not JSON',
	'missing-end': 'the stream ends cleanly without its last events',
	'error-event':
		'the stream turns into an error event (fraction, default 0.5; 0 for at once; error: its name, where the vendor has several)',
	'huge-line': 'one event holds 10 MB (bytes)',
	'html-200': 'a web page under status 200',
	'empty-200': 'an empty body under status 200',
	'error-200': 'an error object under status 200',
	'content-length': 'a content-length that is wrong (by, default -20)',
	'early-close': 'an unstreamed body of which only a part is sent (fraction, default 0.5)',
};

const BY_STATUS = /^[45]\d\d(?:-html)?$/;

/** Whether the simulators can play the fault. */
export function isFault(name: string): boolean {
	return BY_STATUS.test(name) || Object.hasOwn(FAULTS, name);
}
