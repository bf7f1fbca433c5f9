import type { Candidate, GenerateContentResponse, Part } from '@google/genai';
import { type Answer, type Call, type SeenUsage, type Stop, warningsOf } from '../neutral.ts';

const STOPS: { [reason: string]: Stop } = { STOP: 'end', MAX_TOKENS: 'length', SAFETY: 'refusal', PROHIBITED_CONTENT: 'refusal' };

function usageOf({ usageMetadata: usage }: GenerateContentResponse): SeenUsage {
	const thoughts = usage?.thoughtsTokenCount;
	return {
		inputTokens: (usage?.promptTokenCount ?? -1) + (usage?.toolUsePromptTokenCount ?? 0),
		outputTokens: (usage?.candidatesTokenCount ?? 0) + (thoughts ?? 0),
		cacheReadTokens: usage?.cachedContentTokenCount,
		cacheWriteTokens: undefined,
		reasoningTokens: thoughts,
	};
}

function partsOf(candidate: Candidate | undefined): Part[] {
	return candidate?.content?.parts ?? [];
}

function textOf(parts: Part[], thought: boolean): string {
	return parts.map((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');
}

function callsOf(parts: Part[]): Call[] {
	return parts.flatMap(({ functionCall: call }, at) =>
		call === undefined ? [] : [{ id: call.id ?? `#${at}`, name: call.name ?? '', input: call.args ?? {} }],
	);
}

function stopOf(response: GenerateContentResponse, calls: Call[]): Stop | undefined {
	if (response.promptFeedback?.blockReason !== undefined) return 'refusal';
	const reason = response.candidates?.[0]?.finishReason;
	const stop = reason === undefined ? undefined : STOPS[reason];
	return stop === 'end' && calls.length > 0 ? 'tools' : stop;
}

/** Puts pieces together as an application that iterates over them would: texts of one kind joined, proofs kept. */
export class Gathered {
	pieces = 0;
	#last: GenerateContentResponse | undefined;
	readonly #candidates: Candidate[] = [];

	add(piece: GenerateContentResponse): void {
		const { candidates, ...rest } = piece;
		this.#last = Object.assign(this.#last ?? piece, dropEmpty(rest));
		for (const candidate of candidates ?? []) this.#candidate(candidate);
	}

	#candidate({ content, logprobsResult, ...rest }: Candidate): void {
		const index = rest.index ?? 0;
		this.#candidates[index] ??= { content: { role: 'model', parts: [] } };
		const candidate = Object.assign(this.#candidates[index], dropEmpty(rest));
		const chosen = logprobsResult?.chosenCandidates;
		if (chosen !== undefined) {
			const before = candidate.logprobsResult?.chosenCandidates ?? [];
			candidate.logprobsResult = { chosenCandidates: [...before, ...chosen] };
		}
		for (const part of content?.parts ?? []) this.#part(partsOf(candidate), part);
	}

	#part(parts: Part[], part: Part): void {
		const last = parts.at(-1);
		if ((part.text ?? '') !== '' && part.thought !== true) this.pieces++;
		const joins = last?.text !== undefined && last.thought === part.thought && last.thoughtSignature === undefined;
		if (!joins || part.text === undefined) parts.push({ ...part });
		else {
			last.text = `${last.text}${part.text}`;
			if (part.thoughtSignature !== undefined) last.thoughtSignature = part.thoughtSignature;
		}
	}

	whole(): GenerateContentResponse {
		if (this.#last === undefined) throw new Error('an empty stream');
		this.#last.candidates = this.#candidates;
		return this.#last;
	}
}

function dropEmpty<T extends object>(value: T): Partial<T> {
	return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

/** An answer as the matrix compares them. `pieces`: how many its text came in. */
export function answerOf(response: GenerateContentResponse, headers: Headers, pieces: number): Answer {
	const [candidate] = response.candidates ?? [];
	const parts = partsOf(candidate);
	const calls = callsOf(parts);
	return {
		id: response.responseId ?? '',
		model: response.modelVersion ?? '',
		text: textOf(parts, false),
		reasoning: textOf(parts, true),
		calls,
		stop: stopOf(response, calls),
		stopSequence: undefined,
		usage: usageOf(response),
		candidates: (response.candidates ?? []).map((each) => textOf(partsOf(each), false)),
		logprobTokens: candidate?.logprobsResult?.chosenCandidates?.map(({ token }) => token).join(''),
		pieces,
		native: candidate?.content ?? { role: 'model', parts: [] },
		headers,
		warnings: warningsOf(headers),
	};
}
