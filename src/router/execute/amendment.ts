import { isObject, tryParse } from '../../lib/json.ts';
import type { Dialect, RelaisError, Warning } from '../../spec/index.ts';
import type { EncodedBody } from './encode.ts';

type Body = EncodedBody['body'];

/** What is sent in place of a body that was refused, and what was left out. */
interface Amended {
	body: string;
	warnings: Warning[];
}

/** The body of a call, and the one that may follow when the vendor refuses it. */
export class Amendment {
	readonly #dialect: Dialect;
	#sent: Body | undefined;
	#spent = false;

	constructor(dialect: Dialect) {
		this.#dialect = dialect;
	}

	/** Remembers the body that is sent. */
	note(body: Body): void {
		this.#sent = body;
	}

	/** Another body for the call that failed so; undefined where there is none, and the second time. */
	after(error: RelaisError): Amended | undefined {
		if (this.#sent === undefined || this.#spent) return undefined;
		const body = tryParse(textOf(this.#sent));
		const amended = isObject(body) ? this.#dialect.amend?.(body, error) : undefined;
		if (amended === undefined) return undefined;
		this.#spent = true;
		return { body: JSON.stringify(amended.value), warnings: amended.warnings };
	}
}

function textOf(body: Body): string {
	if (typeof body === 'string') return body;
	return (Array.isArray(body) ? Buffer.concat(body) : Buffer.from(body)).toString();
}
