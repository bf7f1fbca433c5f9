import type { JsonValue } from '../../../../spec/index.ts';
import type { Step, Violation } from '../../../core/shape.ts';
import type { Problem } from '../../../core/types.ts';
import type { MakeProblem } from '../../problems.ts';

const CODES: { [type: string]: string } = {
	invalid_model: '1500',
	invalid_request_message_order: '3230',
	invalid_assistant_message: '3240',
	invalid_function_call: '3280',
	rate_limited: '1300',
	service_tier_capacity_exceeded: '3505',
	internal_server_error: '3700',
};

/** An error in the vendor's form. */
export const make: MakeProblem = (message, { status = 400, type = 'invalid_request_invalid_args', headers } = {}) => {
	const body = { object: 'error', message, type, param: null, code: CODES[type] ?? '3051' };
	return { status, body, ...(headers === undefined ? {} : { headers }) };
};

/** The validator's names of faults, and its words. */
const FAULTS: { [fault in Violation['fault']]: (violation: Violation) => [type: string, msg: string] } = {
	unknown: () => ['extra_forbidden', 'Extra inputs are not permitted'],
	missing: () => ['missing', 'Field required'],
	type: ({ expected }) => [`${expected.split('|')[0]}_type`, `Input should be a valid ${expected.split('|')[0]}`],
	value: ({ expected }) => [
		'literal_error',
		`Input should be ${expected
			.split('|')
			.map((one) => `'${one}'`)
			.join(' or ')}`,
	],
	min: ({ expected }) => ['greater_than_equal', `Input should be greater than or equal to ${expected}`],
	max: ({ expected }) => ['less_than_equal', `Input should be less than or equal to ${expected}`],
	pattern: ({ expected }) => ['string_pattern_mismatch', `String should match pattern '${expected}'`],
	too_long: ({ expected }) => ['string_too_long', `String should have at most ${expected} characters`],
	too_many: ({ expected }) => ['too_long', `List should have at most ${expected} items`],
	empty: ({ expected }) => ['too_short', `List should have at least ${expected} item after validation, not 0`],
};

function location(path: Step[]): JsonValue[] {
	return ['body', ...path.map((step) => (typeof step === 'object' ? step.tag : step))];
}

/** What the validator says of a body that is not of the shape. */
export function refused(violation: Violation): Problem {
	const [type, msg] = FAULTS[violation.fault](violation);
	const input = violation.value === undefined ? {} : { input: violation.value };
	return { status: 422, body: { detail: [{ type, loc: location(violation.path), msg, ...input }] } };
}
