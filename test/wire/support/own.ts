import { isObject, tryParse } from '../../../src/lib/json.ts';
import { type JsonObject, RelaisError } from '../../../src/spec/index.ts';
import { callWith, type Outcome } from './callers.ts';
import { DIALECT_OF, decodeAnswer } from './canonical.ts';
import { compareReadings, expectedReading, short } from './expected.ts';
import { compareLanes, compareTap, differences, everything, meaning, rewritten } from './lanes.ts';
import { plainReading, vendorWords } from './plain.ts';
import type { Answer } from './recordings.ts';
import { ownRequest } from './requests.ts';
import { modelOf, recordOf, type Stage } from './stage.ts';

/** A line for each thing that is not as it should be. */
export type Problems = string[];

/** The same answer, by way of the client's own words for an error: ids of requests are whoever's who answers. */
export function withoutRequestId(message: string): string {
	return message.replace(/,?"request_id":"[^"]*"/, '');
}

/** What a client must be told of a vendor's error. What the vendor says of the key Relais holds is not for clients. */
export function compareError(outcome: Outcome, answer: Answer): Problems {
	const { error } = outcome;
	if (error === undefined) return ['no error was raised'];
	const { error: should } = decodeAnswer(DIALECT_OF[answer.own], answer);
	const problems: Problems = [];
	if (!error.official) problems.push(`the client fails by itself: ${error.message}`);
	if (answer.status > 299 && error.status !== answer.status) problems.push(`status ${error.status} in place of ${answer.status}`);
	if (should === undefined) problems.push('the dialect sees no error');
	const words = should?.code === 'provider_auth' ? "refused Relais's credentials" : (vendorWords(answer) ?? '');
	const said = error.message.replaceAll('\\"', '"').replaceAll('\\\\', '\\');
	if (words === '' || !said.includes(words)) problems.push(`the message is ${short(error.message)} in place of ${short(words)}`);
	return problems;
}

/** Whether the forwarded bytes are the vendor's; what Relais may add is the end of a body that lacks it. */
function compareBytes(answer: Answer, raw: string): Problems {
	const sent = answer.bytes.toString('utf8');
	const added = raw.startsWith(sent) ? raw.slice(sent.length) : undefined;
	if (added === undefined) return ['the bytes are not those of the vendor'];
	if (answer.streamed && answer.own === 'chat' && !/^data: ?\[DONE\]/m.test(raw)) return ['the end mark is missing'];
	return /^\n{0,2}(data: \[DONE\]\n\n)?$/.test(added) ? [] : [`added ${short(added)}`];
}

/** What the vendor is to get: the client's body, for the vendor's own model; streams are asked for their usage. */
function forwardedRequest(answer: Answer): JsonObject {
	const body = ownRequest(answer, answer.model);
	if (answer.own !== 'chat' || body.stream !== true) return body;
	return { ...body, stream_options: { ...(isObject(body.stream_options) ? body.stream_options : {}), include_usage: true } };
}

/** (a) The official client of the answer's own dialect, by the pass-through lane. */
export async function checkOwn(stage: Stage, answer: Answer): Promise<Problems> {
	const direct = await callWith(answer.own, stage.vendor, ownRequest(answer, answer.model));
	const through = await callWith(answer.own, stage.relais, ownRequest(answer, modelOf(answer)));
	const record = await recordOf(stage, through);
	const problems: Problems = [];
	const lane = record?.attempts[0]?.lane ?? 'none';
	if (lane !== 'pass-through') problems.push(`the lane was ${lane}`);
	problems.push(...differences(stage.replay.received(answer.id), forwardedRequest(answer), 'the vendor got'));
	if (direct.error !== undefined || through.error !== undefined) {
		problems.push(...compareRaised(direct, through, answer));
		if (through.error !== undefined) return problems;
	} else problems.push(...differences(through.given, direct.given).slice(0, 3));
	const canonical = decodeAnswer(DIALECT_OF[answer.own], answer);
	problems.push(...compareBytes(answer, through.raw));
	if (record?.outcome !== 'completed') problems.push(`recorded as ${record?.outcome}`);
	problems.push(...differences(meaning(record?.usage), meaning(canonical.response.usage), 'recorded usage'));
	if (through.reading !== undefined) {
		const plain = plainReading(answer);
		problems.push(...compareReadings(through.reading, plain, plain.finish));
		const expected = expectedReading(canonical, answer.own);
		problems.push(...compareReadings(plain, expected, plain.finish).map((line) => `by the dialect, ${line}`));
	}
	return problems;
}

function compareRaised(direct: Outcome, through: Outcome, answer: Answer): Problems {
	if (through.error === undefined) return [`without Relais the client fails: ${direct.error?.message}`];
	const problems = compareError(through, answer);
	if (direct.error?.name !== through.error.name) {
		problems.push(`${through.error.name} in place of ${direct.error?.name ?? 'an answer'}`);
	}
	const own = decodeAnswer(DIALECT_OF[answer.own], answer).error;
	// A vendor of the same dialect is quoted in its own form; what has another form is told in Relais's words.
	const quoted = own?.code !== 'provider_auth' && isQuotable(answer);
	const is = withoutRequestId(through.error.message);
	const should = withoutRequestId(direct.error?.message ?? '');
	if (quoted && sorted(is) !== sorted(should)) problems.push(`${short(is)} in place of ${short(should)}`);
	return problems;
}

/** Whether a body is an error in the very form of the dialect. */
function isQuotable(answer: Answer): boolean {
	const body = tryParse(answer.bytes.toString('utf8'));
	return isObject(body) && isObject(body.error) && typeof body.error.message === 'string';
}

/** A message that quotes JSON, with the keys in one order. */
function sorted(message: string): string {
	const start = message.indexOf('{');
	const body = start < 0 ? undefined : tryParse(message.slice(start));
	return isObject(body) ? `${message.slice(0, start)}${JSON.stringify(body.error)}` : message;
}

/** Both lanes, the tap and the decoder agree on an answer. */
export function checkLanes(answer: Answer): Problems {
	const canonical = decodeAnswer(DIALECT_OF[answer.own], answer);
	const lanes = compareLanes(answer, answer.bytes).map((line) => `the canonical lane says ${line}`);
	return [...lanes, ...compareTap(answer, canonical).map((line) => `the tap says ${line}`)];
}

/** Every field of an answer comes back when its own dialect writes it again. */
export function checkRewritten(answer: Answer): Problems {
	try {
		return differences(everything(answer, rewritten(answer)), everything(answer, answer.bytes));
	} catch (error) {
		if (error instanceof RelaisError) return [`not read: ${error.message}`];
		throw error;
	}
}
