import { systemClock } from '../../lib/clock.ts';
import { isObject } from '../../lib/json.ts';
import { type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';
import type { Ask, ListedModel } from '../descriptor.ts';

/** More pages than this are a mistake. */
const MOST_PAGES = 20;

/** What the vendor calls a model's functions, and the kind of model that has them. */
const MODES: readonly [suffix: string, mode: string][] = [
	['text_chat', 'chat'],
	['embedding', 'embedding'],
	['rerank', 'rerank'],
];

/** The models a region offers. @param path address of the list, with its query */
export async function listWatsonx(ask: Ask, path: string, now: () => number = systemClock.now): Promise<ListedModel[]> {
	const listed: ListedModel[] = [];
	let next = `${path}&limit=200`;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		const body = await ask(next);
		if (!isObject(body) || !Array.isArray(body.resources))
			throw new RelaisError('provider_protocol', 'its model list is not of the expected form');
		listed.push(...body.resources.filter(isObject).flatMap((row) => described(row, now()) ?? []));
		const start = startOf(body.next);
		if (start === undefined) break;
		next = `${path}&limit=200&start=${encodeURIComponent(start)}`;
	}
	return listed;
}

/** The mark the next page begins with; it stands in the address of that page. */
function startOf(next: JsonValue | undefined): string | undefined {
	const href = isObject(next) ? next.href : undefined;
	if (typeof href !== 'string' || !URL.canParse(href, 'http://h')) return undefined;
	return new URL(href, 'http://h').searchParams.get('start') ?? undefined;
}

function described(row: JsonObject, now: number): ListedModel | undefined {
	const { model_id: id, label, functions, model_limits: limits, task_ids: tasks } = row;
	if (typeof id !== 'string' || id === '' || isWithdrawn(row.lifecycle, now)) return undefined;
	const ids = Array.isArray(functions) ? functions.map((each) => (isObject(each) ? String(each.id) : '')) : [];
	const mode = MODES.find(([suffix]) => ids.some((name) => name === suffix))?.[1];
	const { max_sequence_length: window, max_output_tokens: output } = isObject(limits) ? limits : {};
	return {
		id,
		...(typeof label === 'string' ? { name: label } : {}),
		...(mode === undefined ? {} : { mode }),
		...(typeof window === 'number' ? { contextWindow: window } : {}),
		...(typeof output === 'number' && output > 0 ? { maxOutput: output } : {}),
		...(mode === 'chat' ? { capabilities: abilities(ids, tasks) } : {}),
	};
}

function abilities(functions: readonly string[], tasks: JsonValue | undefined): NonNullable<ListedModel['capabilities']> {
	const tools = Array.isArray(tasks) && tasks.includes('function_calling');
	return {
		...{ chat: true, streaming: true, embeddings: false },
		...(tools ? { tools } : {}),
		...(functions.includes('image_chat') ? { vision: true } : {}),
	};
}

/** Whether a model is no longer served. */
function isWithdrawn(lifecycle: JsonValue | undefined, now: number): boolean {
	if (!Array.isArray(lifecycle)) return false;
	const end = lifecycle.find((state) => isObject(state) && state.id === 'withdrawn');
	return isObject(end) && Date.parse(String(end.start_date)) <= now;
}
