import { type MakeProblem, violationProblem } from '../problems.ts';
import { LOCAL_CHAT } from '../shapes.ts';
import type { Traits } from '../traits.ts';
import { openaiWire } from '../wire.ts';

/** What servers have in common that ignore fields they do not know; `make`: their form of an error. */
export function lenientTraits(make: MakeProblem): Pick<Traits, 'make' | 'wire' | 'shape' | 'lenient' | 'violation'> {
	return {
		make,
		wire: openaiWire(make, true),
		shape: LOCAL_CHAT,
		lenient: true,
		violation: (violation) => violationProblem(violation, make),
	};
}
