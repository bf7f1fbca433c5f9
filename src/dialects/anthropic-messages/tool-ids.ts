import { toolName as nameWithin } from '../shared/index.ts';

export { ToolIds } from '../shared/index.ts';

const LONGEST_NAME = 128;

/** A tool's name in the form the API takes. */
export function toolName(name: string): string {
	return nameWithin(name, LONGEST_NAME);
}
