import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** An answer that can be read again and gone on from. */
export interface StoredResponse {
	/** The id its client saw. */
	id: string;
	/** Name of the virtual key that asked for it; undefined in open mode. To any other it does not exist. */
	owner: string | undefined;
	/** Unix time in ms. */
	createdAt: number;
	/** Id of the answer it goes on from. That one's conversation comes before `input`. */
	previous?: string;
	/** True where a part of the conversation is kept by the vendor alone: it can be gone on from there only. */
	elsewhere?: boolean;
	/** What the request added to the conversation, as input items. */
	input: JsonValue[];
	/** The response object, as its client got it. */
	response: JsonObject;
}

/**
 * Where answers are kept. One implementation keeps files; a database can be another. None of its failures concern the answer that is
 * being kept: they are reported to the log.
 */
export interface ResponseStore {
	/** Keeps an answer. From here on `get` finds it; it outlives the process a moment later. Never throws and never waits. */
	put(stored: StoredResponse): void;
	/** Undefined for an id that is not known, has expired, or is another owner's. What can no longer be read counts as not known. */
	get(id: string, owner: string | undefined): Promise<StoredResponse | undefined>;
	/** Id of the answer that holds an item; undefined where this is not known (any more). */
	holderOf(item: string, owner: string | undefined): string | undefined;
	/** Whether the id is somebody's answer, kept or removed: a vendor may still have what an owner has removed here. */
	isTaken(id: string): Promise<boolean>;
	/** Whether there was something to remove. */
	delete(id: string, owner: string | undefined): Promise<boolean>;
	/** Resolves when everything that was put is where it outlives the process. */
	close(): Promise<void>;
}

/** The limits of a store. */
export interface StoreLimits {
	/** An answer is forgotten this long after it was last used, in ms. OpenAI documents 30 days. */
	retentionMs: number;
	/** Room for all answers together, in bytes; the ones unused for longest go first. */
	totalBytes: number;
	/** The part of them that is held in memory, in bytes. */
	memoryBytes: number;
	/** Greatest single answer with its input, in bytes. */
	recordBytes: number;
	/** Answers that may wait to be written; further ones are not kept. */
	waiting: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export const DEFAULT_LIMITS: StoreLimits = {
	retentionMs: 30 * DAY_MS,
	totalBytes: 1024 ** 3,
	memoryBytes: 32 * 1024 ** 2,
	recordBytes: 64 * 1024 ** 2,
	waiting: 1000,
};
