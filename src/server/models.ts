import { dayOf, isOver } from '../catalog/index.ts';
import type { Principal } from '../policy/auth/index.ts';
import { namesOf, type Resolution, type RoutingTable } from '../router/index.ts';
import type { ListedModel } from './surfaces/index.ts';

/**
 * Names the principal may use: routes first, then models by provider priority. Models whose end is past are not listed, though naming
 * one is answered with its date. @param now Unix time in ms
 */
export function listedModels(table: RoutingTable, principal: Principal, now: number): ListedModel[] {
	const today = dayOf(now);
	const rows: ListedModel[] = [];
	for (const { name, resolution } of table.entries()) {
		const over = resolution.targets.every(({ retirement }) => retirement !== undefined && isOver(retirement, today));
		if (!over && visible(name, resolution, principal)) rows.push(row(name, resolution));
	}
	return rows;
}

/** One name, pinned ones included. Throws `model_not_found`. */
export function listedModel(table: RoutingTable, principal: Principal, name: string): ListedModel {
	const resolution = table.resolve(name);
	if (resolution === undefined || !visible(name, resolution, principal))
		throw table.unknown(name, (names) => principal.mayUse(names));
	return row(name, resolution);
}

function visible(name: string, resolution: Resolution, principal: Principal): boolean {
	return principal.mayUse(namesOf(name, resolution));
}

function row(id: string, { route, targets }: Resolution): ListedModel {
	const info = targets[0]?.info;
	const own = route === undefined ? info : undefined;
	const released = own?.released === undefined ? Number.NaN : Date.parse(own.released);
	return {
		id,
		title: own?.name ?? id,
		route: route !== undefined,
		providers: [...new Set(targets.map((target) => target.provider.name))],
		created: Number.isNaN(released) ? 0 : released / 1000,
		info,
	};
}
