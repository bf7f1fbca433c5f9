import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject } from '../../spec/index.ts';
import type { StoredResponse } from './port.ts';

/** Number of the form that records are written in. */
const FORMAT = 1;

/** The text of a record. */
export function writeRecord({ owner, ...stored }: StoredResponse): string {
	return JSON.stringify({ format: FORMAT, ...stored, ...(owner === undefined ? {} : { owner }) });
}

/** Reads a record back; undefined for what is none. */
export function readRecord(text: string): StoredResponse | undefined {
	const record = tryParse(text);
	if (!isObject(record) || record.format !== FORMAT) return undefined;
	const { id, owner, createdAt, previous, elsewhere, input, response } = record;
	if (typeof id !== 'string' || typeof createdAt !== 'number' || !Array.isArray(input) || !isObject(response)) return undefined;
	return {
		id,
		owner: typeof owner === 'string' ? owner : undefined,
		createdAt,
		...(typeof previous === 'string' ? { previous } : {}),
		...(elsewhere === true ? { elsewhere } : {}),
		input,
		response: response satisfies JsonObject,
	};
}
