import type { Candidate, ContentPart, Warning } from '../../../src/spec/index.ts';
import { callWith, type Outcome } from './callers.ts';
import { type Canonical, DIALECT_OF, decodeAnswer, otherOf } from './canonical.ts';
import { compareReadings, crossedFinish, expectedReading, short } from './expected.ts';
import { compareError, type Problems } from './own.ts';
import { plainReading, vendorWords } from './plain.ts';
import type { Answer, SurfaceName } from './recordings.ts';
import { otherRequest, wantsStream } from './requests.ts';
import { modelOf, recordOf, type Stage } from './stage.ts';

/** Warnings of an answer: those of the header, and those that came after it in a comment. */
function warningsOf(raw: string, known: readonly Warning[]): readonly Warning[] {
	const late = [...raw.matchAll(/^: x-relais-warnings (.+)$/gm)].flatMap((match) => JSON.parse(match[1] ?? '[]') as Warning[]);
	return [...known, ...late];
}

/** Whether a client of a surface sees something of a part. */
function isShown(part: ContentPart, surface: SurfaceName): boolean {
	if (part.type === 'tool-call') return part.providerExecuted === undefined;
	if (part.type === 'image') return surface === 'chat';
	return part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning' || part.type === 'audio';
}

/** What of an answer the other surface has no place for: each kind must be warned of. */
function unshown({ response }: Canonical, surface: SurfaceName): string[] {
	const [first, ...more] = [...response.candidates].sort((a, b) => a.index - b.index);
	const kinds = (first?.content ?? []).filter((part) => !isShown(part, surface)).map((part) => part.type);
	if (surface === 'messages' && more.length > 0) kinds.push('candidates' as ContentPart['type']);
	if (surface === 'messages' && hasLogprobs(first)) kinds.push('logprobs' as ContentPart['type']);
	return [...new Set<string>(kinds)];
}

function hasLogprobs(candidate: Candidate | undefined): boolean {
	return (candidate?.logprobs?.length ?? 0) > 0;
}

function compareShown(outcome: Outcome, answer: Answer, canonical: Canonical): Problems {
	const { reading } = outcome;
	if (reading === undefined) return [`the client raises ${outcome.error?.name}: ${short(outcome.error?.message)}`];
	const surface = otherOf(answer.own);
	const plain = plainReading(answer);
	const expected = expectedReading(canonical, surface);
	const problems = compareReadings(reading, expected, crossedFinish(surface, plain.finish, plain.calls.length > 0));
	const ids = expected.calls.map((call) => call.id);
	if (JSON.stringify(reading.calls.map((call) => call.id)) !== JSON.stringify(ids))
		problems.push(`call ids in place of ${short(ids)}`);
	const helper =
		typeof outcome.given === 'object' && outcome.given !== null && 'helper' in outcome.given ? outcome.given.helper : 'whole';
	if (helper !== 'whole') problems.push(`the client's accumulation fails: ${String(helper)}`);
	return problems;
}

/** (b) The official client of the other surface, by the canonical lane. */
export async function checkOther(stage: Stage, answer: Answer): Promise<Problems> {
	const surface = otherOf(answer.own);
	const { body } = otherRequest(answer, modelOf(answer));
	const outcome = await callWith(surface, stage.relais, body);
	const record = await recordOf(stage, outcome);
	const canonical = decodeAnswer(DIALECT_OF[answer.own], answer);
	const problems: Problems = [];
	if (record === undefined) return ['refused before it had anywhere to go'];
	const lane = record.attempts[0]?.lane;
	if (lane !== 'canonical') problems.push(`the lane was ${lane}`);
	if (canonical.error !== undefined) {
		const begun = canonical.response.candidates.some((candidate) => candidate.content.length > 0);
		if (record.outcome !== (begun ? 'interrupted' : 'failed')) problems.push(`recorded as ${record.outcome}`);
		return [...problems, ...compareError(outcome, answer)];
	}
	if (record.outcome !== 'completed') problems.push(`recorded as ${record.outcome}`);
	if (record.stream !== wantsStream(answer)) problems.push('streamed or not, other than asked');
	problems.push(...compareShown(outcome, answer, canonical));
	const warnings = warningsOf(outcome.raw, record.warnings);
	const silent = warnings.length === 0 ? unshown(canonical, surface) : [];
	const remark =
		vendorWords(answer) !== undefined &&
		!warnings.some(({ path, message }) => path === 'error' || message.includes('an event with error'));
	if (remark) problems.push('an error after the finish reason is left out without a word');
	return [...problems, ...silent.map((kind) => `${kind} left out without a word`)];
}
