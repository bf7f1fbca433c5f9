/**
 * Something the target could not carry as it was asked. Warnings reach the client in `x-relais-warnings`.
 * - `dropped`: left out; `changed`: sent in another form; `approximated`: replaced by the nearest thing the target has;
 * - `defaulted`: the target needs a value the request did not give; `notice`: worth knowing, nothing was altered.
 */
export interface Warning {
	kind: 'dropped' | 'changed' | 'approximated' | 'defaulted' | 'notice';
	/** Path of the field in the client's request, e.g. `messages[2].content[0].cache_control`, or of the answer's part. */
	path: string;
	/** One sentence: what happened and, where it helps, what to do. */
	message: string;
}
