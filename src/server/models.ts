import type { Principal } from '../policy/auth/index.ts';
import type { Resolution, RoutingTable, Target } from '../router/index.ts';
import { type JsonObject, RelaisError } from '../spec/index.ts';

/** A name a client may ask for. */
interface Listed {
	id: string;
	route: boolean;
	providers: string[];
	title: string;
	/** Unix time in seconds; 0 when not known. */
	created: number;
}

function row(id: string, { route, targets }: Resolution): Listed {
	const info = route === undefined ? targets[0]?.info : undefined;
	const released = info?.released === undefined ? Number.NaN : Date.parse(info.released);
	return {
		id,
		route: route !== undefined,
		providers: [...new Set(targets.map((target) => target.provider.name))],
		title: info?.name ?? id,
		created: Number.isNaN(released) ? 0 : released / 1000,
	};
}

/** Names the principal may use: routes first, then models by provider priority. */
function listed(table: RoutingTable, principal: Principal): Listed[] {
	const names: Listed[] = [];
	for (const { name, resolution } of table.entries()) {
		if (!visible(name, resolution.targets, principal)) continue;
		names.push(row(name, resolution));
	}
	return names;
}

function visible(name: string, targets: readonly Target[], principal: Principal): boolean {
	return principal.mayUse([name, ...targets.flatMap((target) => [target.label, target.model])]);
}

function openaiRow({ id, route, providers, created }: Listed): JsonObject {
	return { id, object: 'model', created, owned_by: route ? 'relais' : (providers[0] ?? 'relais'), relais: { route, providers } };
}

function anthropicRow({ id, title, created }: Listed): JsonObject {
	return { type: 'model', id, display_name: title, created_at: new Date(created * 1000).toISOString() };
}

/** `GET /v1/models` in OpenAI's shape. */
export function openaiModelList(table: RoutingTable, principal: Principal): JsonObject {
	return { object: 'list', data: listed(table, principal).map(openaiRow) };
}

/** `GET /v1/models` in Anthropic's shape, paged as its clients ask. Throws `invalid_request` for a bad page. */
export function anthropicModelList(table: RoutingTable, principal: Principal, query: { [name: string]: unknown }): JsonObject {
	const limit = query.limit === undefined ? 20 : Number(query.limit);
	if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
		throw new RelaisError('invalid_request', 'limit must be from 1 to 1000', { param: 'limit' });
	const all = listed(table, principal);
	const place = (name: string): number => all.findIndex((row) => row.id === query[name]);
	let from = query.after_id === undefined ? 0 : place('after_id') + 1;
	let to = Math.min(all.length, from + limit);
	if (query.before_id !== undefined) {
		to = Math.max(0, place('before_id'));
		from = Math.max(0, to - limit);
	}
	const page = all.slice(from, to).map(anthropicRow);
	const hasMore = query.before_id === undefined ? to < all.length : from > 0;
	return { data: page, has_more: hasMore, first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
}

/** `GET /v1/models/{id}`. Throws `model_not_found`. */
export function modelRow(table: RoutingTable, principal: Principal, id: string, shape: 'openai' | 'anthropic'): JsonObject {
	const resolution = table.resolve(id);
	if (resolution === undefined || !visible(id, resolution.targets, principal)) throw table.unknown(id);
	const found = row(id, resolution);
	return shape === 'openai' ? openaiRow(found) : anthropicRow(found);
}
