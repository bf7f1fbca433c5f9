import { nearest } from '../lib/nearest.ts';
import type { Loading } from './loading.ts';
import type { ConfigPath } from './problems.ts';
import type { RouteEntry } from './schema.ts';
import type { ProviderConfig, RouteConfig } from './types.ts';

/** A route of the file with its place in it. */
export interface PlacedRoute {
	entry: RouteEntry;
	path: ConfigPath;
}

interface Reference {
	model: string;
	path: ConfigPath;
}

/** What routes may lead to. */
export interface RouteTargets {
	providers: ProviderConfig[];
	/** Provider names of the file, also of entries with faults of their own. */
	names: ReadonlySet<string>;
	/** True when simulated providers will be added, whose names are not known here. */
	simulated: boolean;
}

/**
 * Routes, with every target checked: a provider that is not there, a route that leads back to itself, a name given twice.
 */
export function buildRoutes(routes: PlacedRoute[], targets: RouteTargets, loading: Loading): RouteConfig[] {
	const routeNames = new Set(routes.map(({ entry }) => entry.name));
	for (const route of routes) {
		if (route.entry.name === 'auto') loading.problem([...route.path, 'name'], '"auto" is reserved', 'Choose another name.');
		for (const reference of referencesOf(route)) checkReference(reference, { ...targets, routeNames, loading });
	}
	reportCycles(routes, loading);
	return routes.map(({ entry, path }) => ({
		name: entry.name,
		strategy: 'priority',
		targets: entry.targets.map((target) => ({ model: typeof target === 'string' ? target : target.model })),
		fallbacks: entry.fallbacks ?? [],
		origin: loading.place(path),
	}));
}

function referencesOf({ entry, path }: PlacedRoute): Reference[] {
	const targets = entry.targets.map((target, index) => {
		const targetPath = [...path, 'targets', index];
		return typeof target === 'string'
			? { model: target, path: targetPath }
			: { model: target.model, path: [...targetPath, 'model'] };
	});
	const fallbacks = (entry.fallbacks ?? []).map((model, index) => ({ model, path: [...path, 'fallbacks', index] }));
	return [...targets, ...fallbacks];
}

interface Known extends RouteTargets {
	routeNames: ReadonlySet<string>;
	loading: Loading;
}

function checkReference({ model, path }: Reference, { routeNames, providers, names, simulated, loading }: Known): void {
	if (routeNames.has(model)) return;
	const slash = model.indexOf('/');
	if (slash <= 0) {
		checkBareModel(model, path, routeNames, providers, loading);
		return;
	}
	const provider = model.slice(0, slash);
	const configured = providers.find((entry) => entry.name === provider);
	if (configured === undefined && !names.has(provider)) {
		const known = providers.map((entry) => entry.name);
		const near = nearest(provider, known);
		const cure =
			near.length > 0
				? `Did you mean ${quoted(near)}?`
				: known.length > 0
					? `There are: ${known.join(', ')}.`
					: 'Add it under providers.';
		const message = `no provider named ${loading.show(path, provider)}`;
		if (simulated) loading.notice(`${message}, unless a simulated one is`, path);
		else loading.problem(path, message, cure);
	} else if (configured?.enabled === false) {
		loading.notice(`leads to ${loading.show(path, provider)}, which is disabled: never used`, path);
	}
	if (slash === model.length - 1) loading.problem(path, 'names no model after the slash', 'Write provider/model.');
}

/** A name without a provider may be a model that only a running server knows of: nothing is wrong yet. */
function checkBareModel(
	model: string,
	path: ConfigPath,
	routeNames: ReadonlySet<string>,
	providers: ProviderConfig[],
	loading: Loading,
): void {
	const enabled = providers.filter((provider) => provider.enabled);
	const { catalog } = loading.input;
	const served = enabled.some((provider) =>
		provider.models.length > 0
			? provider.models.some((entry) => entry.alias === model)
			: catalog.model(provider.type, model) !== undefined,
	);
	if (served) return;
	const known = [
		...routeNames,
		...enabled.flatMap((provider) => [provider.name, ...provider.models.map((entry) => entry.alias)]),
	];
	const near = nearest(model, known);
	const hint = near.length > 0 ? `: did you mean ${quoted(near)}?` : '';
	loading.notice(`${loading.show(path, model)} is neither a route nor a model known to be served${hint}`, path);
}

function quoted(names: string[]): string {
	return names.map((name) => `"${name}"`).join(' or ');
}

/** Reports each route that leads back to itself, once a circle. */
function reportCycles(routes: PlacedRoute[], loading: Loading): void {
	const byName = new Map(routes.map((route) => [route.entry.name, route]));
	const done = new Set<string>();
	const visit = (name: string, trail: string[]): void => {
		const route = byName.get(name);
		if (route === undefined || done.has(name)) return;
		for (const reference of referencesOf(route)) {
			const start = [...trail, name].indexOf(reference.model);
			if (start >= 0) {
				const circle = [...[...trail, name].slice(start), reference.model].join(' -> ');
				loading.problem(reference.path, `the route leads back to itself: ${circle}`, 'Take one of these targets out.');
			} else visit(reference.model, [...trail, name]);
		}
		done.add(name);
	};
	for (const { entry } of routes) visit(entry.name, []);
}
