import type { JsonValue } from '../../spec/index.ts';
import { type Attachment, type Prompt, quote, type ToolOutcome } from './prompt.ts';
import { sampleOf } from './sample.ts';
import { type PlannedCall, plannedCalls } from './toolcalls.ts';

/** What the simulated model would say if nothing limited it. */
export interface Script {
	kind: 'text' | 'calls' | 'refusal' | 'filtered';
	reasoning: string;
	text: string;
	calls: PlannedCall[];
}

/** Phrases in the user's text that make something rare happen. The magic strings are the vendor's own, for tests. */
const TRIGGERS: { effect: 'refusal' | 'filtered'; phrase: RegExp }[] = [
	{ effect: 'refusal', phrase: /simulate (?:a |the )?refusal|ANTHROPIC_MAGIC_STRING_TRIGGER_REFUSAL/i },
	{ effect: 'filtered', phrase: /simulate (?:a |the )?content filter/i },
];
const REDACTED = /simulate redacted thinking|ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING/i;
const WORDS_WANTED = /\b(\d{2,5}) words\b/i;

/** Whether the user's text asks for thinking that is not shown. */
export function wantsRedaction(said: string): boolean {
	return REDACTED.test(said);
}

function described(attachment: Attachment): string {
	const facts = [attachment.mediaType];
	if (attachment.width !== undefined && attachment.height !== undefined)
		facts.push(`${attachment.width}x${attachment.height} px`);
	if (attachment.bytes > 0) facts.push(`${attachment.bytes} bytes`);
	if (attachment.name !== undefined) facts.push(attachment.name);
	return facts.join(' ');
}

function describedAll(attachments: Attachment[]): string {
	const sentences: string[] = [];
	for (const kind of ['image', 'document', 'audio', 'video'] as const) {
		const some = attachments.filter((attachment) => attachment.kind === kind);
		if (some.length === 0) continue;
		const noun = kind === 'audio' ? 'audio clip' : kind;
		sentences.push(`${some.length} ${noun}${some.length > 1 ? 's' : ''}: ${some.map(described).join('; ')}.`);
	}
	return sentences.join(' ');
}

function describedOutcome(outcome: ToolOutcome): string {
	const verb = outcome.failed ? 'failed with' : 'returned';
	const files = outcome.attachments.length === 0 ? '' : ` and ${describedAll(outcome.attachments).replace(/\.$/, '')}`;
	return `${outcome.name} ${verb} ${quote(outcome.text)}${files}`;
}

function opening(prompt: Prompt): string {
	return `Simulated answer from ${prompt.vendor} (model ${prompt.model}):`;
}

function prose(prompt: Prompt): string {
	const sentences = [opening(prompt)];
	if (prompt.outcomes.length > 0) sentences.push(`the tools answered: ${prompt.outcomes.map(describedOutcome).join('; ')}.`);
	if (prompt.said !== '' || prompt.outcomes.length === 0) sentences.push(`you said ${quote(prompt.said)}.`);
	if (prompt.attachments.length > 0) sentences.push(`With it came ${describedAll(prompt.attachments)}`);
	if (prompt.instructions !== '') sentences.push(`My instructions: ${quote(prompt.instructions, 120)}.`);
	const text = sentences.join(' ');
	const wanted = Number(WORDS_WANTED.exec(prompt.said)?.[1] ?? 0);
	return wanted > 0 ? lengthened(text, Math.min(wanted, 20_000)) : text;
}

function lengthened(text: string, words: number): string {
	const missing = words - text.split(/\s+/).length;
	return missing <= 0 ? text : `${text} ${Array.from({ length: missing }, (_, i) => `word${i + 1}`).join(' ')}`;
}

function json(prompt: Prompt): string {
	const subject = prose(prompt);
	const value: JsonValue =
		typeof prompt.format === 'object' ? sampleOf(prompt.format.schema, { subject, said: prompt.said }) : { answer: subject };
	return JSON.stringify(value);
}

const THOUGHTS = [
	'What is asked is plain enough.',
	'Nothing here needs to be looked up.',
	'I check the parts one by one and find no contradiction.',
	'A short answer will serve best.',
	'I go over it once more to be sure.',
	'It still holds.',
];

function reasoning(prompt: Prompt, calls: PlannedCall[]): string {
	if (prompt.reasoning === 0) return '';
	const aim = calls.length > 0 ? `I will call ${calls.map((call) => call.name).join(' and ')}.` : 'I will answer.';
	const middle = Array.from({ length: prompt.reasoning }, (_, i) => THOUGHTS[i % THOUGHTS.length]).join(' ');
	return `The user said ${quote(prompt.said, 120)}. ${middle} ${aim}`;
}

/** Writes the answer to a prompt: a function of the prompt alone. */
export function script(prompt: Prompt): Script {
	const rare = TRIGGERS.find((trigger) => trigger.phrase.test(prompt.said));
	if (rare?.effect === 'refusal') {
		return { kind: 'refusal', reasoning: '', text: `${opening(prompt)} I cannot help with that.`, calls: [] };
	}
	if (rare?.effect === 'filtered') return { kind: 'filtered', reasoning: '', text: `${opening(prompt)} here is`, calls: [] };
	const calls = plannedCalls(prompt);
	if (calls.length > 0) return { kind: 'calls', reasoning: reasoning(prompt, calls), text: '', calls };
	const text = prompt.format === 'text' ? prose(prompt) : json(prompt);
	return { kind: 'text', reasoning: reasoning(prompt, calls), text, calls: [] };
}
