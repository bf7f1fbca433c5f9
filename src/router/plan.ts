import { type Operation, RelaisError, type RequestSketch } from '../spec/index.ts';
import { able } from './ability.ts';
import type { RoutingTable } from './table.ts';
import type { Plan, Target } from './types.ts';
import { sameVectors } from './vectors.ts';

/** Who asks, as far as planning is concerned. */
export interface PlanPrincipal {
	/** Whether the key may use any of these names (what was asked for, `provider/model`, the model's own id). */
	mayUse(names: readonly string[]): boolean;
}

/**
 * Turns a request's sketch into an ordered list of targets. Pure: same table, sketch and principal, same plan.
 * Throws `model_not_found` for an unknown name, `unsupported` where none of its models can do what is asked, and `forbidden` when the
 * key may use none of the targets. Vectors of one model alone are given under a name that is no route: different ones do not mix.
 */
export function plan(
	sketch: RequestSketch,
	table: RoutingTable,
	principal: PlanPrincipal | undefined,
	operation: Operation = 'chat',
): Plan {
	const found = table.resolve(sketch.model);
	if (found === undefined)
		throw table.unknown(sketch.model, principal === undefined ? undefined : (names) => principal.mayUse(names));
	const usable = principal === undefined ? found.targets : allowed(sketch.model, found.targets, principal);
	const targets = able(sketch.model, usable, operation);
	const [first] = targets;
	const alike =
		operation !== 'embed' || found.route !== undefined || first === undefined
			? targets
			: targets.filter((target) => sameVectors(target, first));
	return { requested: sketch.model, route: found.route, targets: alike };
}

function allowed(requested: string, targets: readonly Target[], principal: PlanPrincipal): readonly Target[] {
	if (principal.mayUse([requested])) return targets;
	const left = targets.filter((target) => principal.mayUse([target.label, target.model]));
	if (left.length === 0) {
		throw new RelaisError('forbidden', `This key may not use "${requested}". Ask for a key whose models include it.`, {
			param: 'model',
		});
	}
	return left;
}
