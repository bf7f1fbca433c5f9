import { type ProviderRow, usableKey } from '../catalog/index.ts';
import { addressVariables, fitsHeader, keyVariables, typeVariable } from './variables.ts';

/** What variables are looked for in. */
export interface VariablesInput {
	env: { readonly [name: string]: string | undefined };
	/** Types the file already has. */
	takenTypes: ReadonlySet<string>;
	/** Variables the file takes values from: what they hold is spoken for. */
	takenVariables: ReadonlySet<string>;
}

/** A provider type as the environment may name it. */
export interface Candidate {
	type: string;
	row?: ProviderRow;
	dialect: string;
}

/** A variable that is set. */
export interface FoundVariable {
	variable: string;
	value: string;
}

/** Finds keys and addresses in the environment. A variable that several types share goes to the first. */
export class Variables {
	readonly #input: VariablesInput;
	readonly #notices: string[];
	readonly #isUsed: (type: string) => boolean;
	/** Variable to the type that has it. */
	readonly #claimed = new Map<string, string>();

	/**
	 * @param notices where to tell of what cannot be used
	 * @param isUsed whether a provider of a type has come of what was found
	 */
	constructor(input: VariablesInput, notices: string[], isUsed: (type: string) => boolean) {
		this.#input = input;
		this.#notices = notices;
		this.#isUsed = isUsed;
	}

	/** The variable that gives the address, with its value. */
	address({ type, row }: Candidate): FoundVariable | undefined {
		for (const variable of addressVariables(type, row)) {
			const value = this.#input.env[variable]?.trim();
			if (value !== undefined && value !== '' && !this.#input.takenVariables.has(variable)) return { variable, value };
		}
		return undefined;
	}

	/** The first variable with a usable key that no other provider has. */
	key({ type, row }: Candidate): FoundVariable | undefined {
		for (const variable of isPreset(row) ? [typeVariable(type, 'API_KEY')] : keyVariables(type, row)) {
			const value = this.#input.env[variable];
			if (value === undefined || this.#input.takenVariables.has(variable)) continue;
			const owner = this.#claimed.get(variable);
			if (owner !== undefined) {
				if (!this.#input.takenTypes.has(type)) this.#shared(variable, owner, type);
				continue;
			}
			this.#claimed.set(variable, type);
			const usable = usableKey(value);
			if (usable !== undefined && fitsHeader(usable)) return { variable, value: usable };
			if (!this.#input.takenTypes.has(type)) this.#notices.push(`${variable} is ignored: it ${whyNoKey(value)}`);
		}
		return undefined;
	}

	#shared(variable: string, owner: string, type: string): void {
		if (usableKey(this.#input.env[variable]) === undefined || !this.#isUsed(owner)) return;
		this.#notices.push(
			`${variable} is used for ${owner}; it may also be meant for ${type}: if so, declare that provider in the config`,
		);
	}

	/** Lets others have a variable. */
	release(variable: string): void {
		this.#claimed.delete(variable);
	}
}

/** Whether a row is another name for a provider of the catalog, which has the variables. */
export function isPreset(row: ProviderRow | undefined): boolean {
	return row !== undefined && row.aliases.length > 0;
}

/** What is wrong with a variable's value that was meant as a key. */
function whyNoKey(value: string): string {
	if (value.trim() === '') return 'is empty';
	if (usableKey(value) === undefined) return 'holds a placeholder, not a key';
	return 'holds spaces or characters that no key has';
}
