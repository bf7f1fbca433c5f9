import { isOver, type Retirement } from '../catalog/index.ts';
import { nearest } from '../lib/nearest.ts';
import { type ModelInfo, type Provider, RelaisError, type Timeouts } from '../spec/index.ts';
import type { Target } from './types.ts';

/** A provider as the table needs it: who it is, how it ranks, and the models it is known to serve. */
export interface TableProvider {
	provider: Provider;
	/** 1 comes first. */
	priority: number;
	/** `alias` is what users write, `id` what goes on the wire. */
	models: readonly { alias: string; id: string }[];
	defaultModel: string | undefined;
	timeouts: Timeouts;
	/** What is known of a model, by its wire id. */
	info(id: string): ModelInfo | undefined;
	/** What is known of a model's end, by its wire id. */
	retirement?(id: string): Retirement | undefined;
}

export interface TableRoute {
	name: string;
	targets: readonly string[];
	fallbacks: readonly string[];
}

/** What a name stands for. */
export interface Resolution {
	route: string | undefined;
	targets: readonly Target[];
}

/** Pinned names are made up by clients, so only so many are remembered, and none longer than this, in characters, is a name. */
const REMEMBERED_PINS = 5000;
const LONGEST_NAME = 500;

/** Names to targets, compiled once a config load; a look-up is one or two Map reads. */
export class RoutingTable {
	readonly #providers = new Map<string, TableProvider>();
	readonly #byName = new Map<string, Resolution>();
	readonly #pins = new Map<string, Resolution>();
	readonly #routes: string[] = [];
	/** Names without a provider in front, as lists show them. */
	readonly #bare: string[] = [];

	readonly #advice: (name: string) => string | undefined;

	/**
	 * Throws `config_invalid` for a route that leads nowhere or round in a circle.
	 * @param advice what to do about a name that nobody here answers to; undefined where nothing is known of it
	 */
	constructor(
		providers: readonly TableProvider[],
		routes: readonly TableRoute[],
		advice: (name: string) => string | undefined = () => undefined,
	) {
		this.#advice = advice;
		const ranked = [...providers].sort((a, b) => a.priority - b.priority);
		const models = new Map<string, Target[]>();
		for (const entry of ranked) {
			this.#providers.set(entry.provider.name, entry);
			for (const { alias, id } of entry.models) {
				const target = this.#target(entry, id);
				this.#byName.set(`${entry.provider.name}/${alias}`, { route: undefined, targets: [target] });
				const shared = models.get(alias);
				if (shared === undefined) models.set(alias, [target]);
				else shared.push(target);
			}
		}
		for (const entry of ranked) {
			if (entry.defaultModel === undefined || models.has(entry.provider.name)) continue;
			models.set(entry.provider.name, [...this.#pin(entry, entry.defaultModel).targets]);
		}
		// A gateway may list "vendor/model" where a provider is named "vendor": `provider/model` keeps its meaning.
		for (const [name, targets] of models) {
			if (this.#byName.has(name)) continue;
			this.#byName.set(name, { route: undefined, targets });
			this.#bare.push(name);
		}
		this.#compileRoutes(routes);
	}

	/** The targets of a route, a model or a `provider/model`; undefined when the name is unknown. Routes go before models. */
	resolve(name: string): Resolution | undefined {
		return this.#byName.get(name) ?? this.#pins.get(name) ?? this.#resolvePin(name);
	}

	/** Whether a name is listed: other than `resolve`, this takes no pinned name on trust. */
	isKnown(name: string): boolean {
		return this.#byName.has(name);
	}

	/**
	 * Error for a name that resolves to nothing, with the nearest names that would.
	 * @param mayUse which of them whoever asked may know of, by any of a model's names; absent: all
	 */
	unknown(name: string, mayUse?: (names: readonly string[]) => boolean): RelaisError {
		const near = nearest(name, this.#namesFor(mayUse));
		const advice = this.#advice(name);
		const other =
			near.length > 0
				? `Did you mean ${near.map((n) => `"${n}"`).join(' or ')}?`
				: 'GET /v1/models lists the models and routes there are.';
		const hint = advice === undefined ? other : `${advice} ${other}`;
		const slash = name.indexOf('/');
		const what = slash > 0 && !name.includes(' ') ? 'model, provider or route' : 'model or route';
		return new RelaisError('model_not_found', `There is no ${what} named "${name.slice(0, 200)}". ${hint}`, { param: 'model' });
	}

	*#namesFor(mayUse: ((names: readonly string[]) => boolean) | undefined): IterableIterator<string> {
		for (const [name, resolution] of this.#byName) if (mayUse === undefined || mayUse(namesOf(name, resolution))) yield name;
	}

	/** Every bare name with its targets, routes first. A name that a route has taken stands for the route alone. */
	*entries(): IterableIterator<{ name: string; resolution: Resolution }> {
		for (const name of new Set([...this.#routes, ...this.#bare])) {
			const resolution = this.#byName.get(name);
			if (resolution !== undefined) yield { name, resolution };
		}
	}

	#resolvePin(name: string): Resolution | undefined {
		const slash = name.indexOf('/');
		if (slash < 1 || slash === name.length - 1 || name.length > LONGEST_NAME) return undefined;
		const entry = this.#providers.get(name.slice(0, slash));
		if (entry === undefined) return undefined;
		const resolution = this.#pin(entry, name.slice(slash + 1));
		if (this.#pins.size >= REMEMBERED_PINS) this.#pins.clear();
		this.#pins.set(name, resolution);
		return resolution;
	}

	#pin(entry: TableProvider, model: string): Resolution {
		const id = entry.models.find((known) => known.alias === model)?.id ?? model;
		return { route: undefined, targets: [this.#target(entry, id)] };
	}

	#target(entry: TableProvider, model: string): Target {
		const { provider, timeouts, info } = entry;
		const plain = { provider, model, label: `${provider.name}/${model}`, timeouts, info: info(model) };
		const retirement = entry.retirement?.(model);
		if (retirement === undefined) return plain;
		return { ...plain, retirement: { ...retirement, successor: (today) => this.#successor(entry, model, retirement, today) } };
	}

	/** The closest model that answers: the provider's own successor, else the same model at another provider. */
	#successor(entry: TableProvider, model: string, { replacement, elsewhere }: Retirement, today: string): Target | undefined {
		const lives = ({ retirement }: Target): boolean => retirement === undefined || !isOver(retirement, today);
		const next = replacement === undefined ? undefined : this.#target(entry, replacement);
		if (next !== undefined && lives(next)) return next;
		const answers = (target: Target): boolean => target.provider !== entry.provider && lives(target);
		for (const name of [model, model.slice(model.lastIndexOf('/') + 1)]) {
			const found = this.#byName.get(name)?.targets.find(answers);
			if (found !== undefined) return found;
		}
		const [type, ...rest] = elsewhere()?.split('/') ?? [];
		const other = [...this.#providers.values()].find(({ provider }) => provider.type === type);
		return other === undefined ? undefined : this.#target(other, rest.join('/'));
	}

	#compileRoutes(routes: readonly TableRoute[]): void {
		const byName = new Map(routes.map((route) => [route.name, route]));
		const flatten = (route: TableRoute, path: readonly string[]): Target[] => {
			if (path.includes(route.name)) {
				throw new RelaisError(
					'config_invalid',
					`route "${route.name}" leads back to itself: ${[...path, route.name].join(' -> ')}`,
				);
			}
			return [...route.targets, ...route.fallbacks].flatMap((name) => {
				const nested = byName.get(name);
				if (nested !== undefined) return flatten(nested, [...path, route.name]);
				const found = this.resolve(name);
				if (found === undefined) throw new RelaisError('config_invalid', `route "${route.name}": ${this.unknown(name).message}`);
				return found.targets;
			});
		};
		const compiled = routes.map((route) => ({ name: route.name, targets: distinct(flatten(route, [])) }));
		for (const { name, targets } of compiled) {
			this.#byName.set(name, { route: name, targets });
			this.#routes.push(name);
		}
	}
}

/** Everything that a name stands for: a key that may use any of it may know of the name. */
export function namesOf(name: string, { targets }: Resolution): string[] {
	return [name, ...targets.flatMap((target) => [target.label, target.model])];
}

function distinct(targets: readonly Target[]): Target[] {
	const seen = new Set<string>();
	return targets.filter((target) => !seen.has(target.label) && seen.add(target.label) !== undefined);
}
