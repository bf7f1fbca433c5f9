import { type ModelInfo, type Operation, type Provider, RelaisError, type TaskName } from '../spec/index.ts';
import type { Target } from './types.ts';

/** What a kind of model does, by `mode`, and where such models are asked. */
const KINDS: { readonly [mode: string]: { does: string; ask: string } } = {
	chat: { does: 'chats', ask: 'POST /v1/chat/completions' },
	responses: { does: 'chats', ask: 'POST /v1/responses' },
	embedding: { does: 'makes embeddings', ask: 'POST /v1/embeddings' },
	rerank: { does: 'ranks documents', ask: 'POST /v1/rerank' },
	moderation: { does: 'judges texts', ask: 'POST /v1/moderations' },
};

/** What a request wants of its model, by operation. */
const WANTS: { readonly [operation in Operation]?: string } = {
	chat: 'does not chat',
	count_tokens: 'does not chat',
	embed: 'makes no embeddings',
	rerank: 'ranks no documents',
	moderate: 'judges no texts',
};

/** Kinds of models that serve each task. */
const MODES: { readonly [task in TaskName]: string } = { embed: 'embedding', rerank: 'rerank', moderate: 'moderation' };

const TASK_MODES: ReadonlySet<string> = new Set(Object.values(MODES));

/** The targets that can serve an operation. Where nothing is known of a model it is tried. Throws `unsupported` where none can. */
export function able(requested: string, targets: readonly Target[], operation: Operation): readonly Target[] {
	const left = targets.every((target) => can(target, operation)) ? targets : targets.filter((target) => can(target, operation));
	const [first] = targets;
	if (left.length > 0 || first === undefined) return left;
	throw new RelaisError('unsupported', reasonFor(requested, first, operation), { param: 'model', failover: false });
}

function can({ provider, info }: Target, operation: Operation): boolean {
	switch (operation) {
		case 'embed':
		case 'rerank':
		case 'moderate':
			return offers(provider, operation) && mayServe(info, operation);
		case 'chat':
		case 'count_tokens':
			return info === undefined || !TASK_MODES.has(info.mode) || info.capabilities.chat === true;
		default:
			return true;
	}
}

function offers(provider: Provider, task: TaskName): boolean {
	return typeof provider[task] === 'function';
}

/**
 * Lists seldom tell what models are for, and local servers make vectors with models that chat as well: only models that are made for
 * another task, or that are known well enough to have a price for chats, are not tried.
 */
function mayServe(info: ModelInfo | undefined, task: TaskName): boolean {
	if (info === undefined || info.mode === MODES[task]) return true;
	if (task === 'embed' && info.capabilities.embeddings === true) return true;
	return !TASK_MODES.has(info.mode) && (info.price.input ?? 0) === 0;
}

function reasonFor(requested: string, { provider, info }: Target, operation: Operation): string {
	const lacks = WANTS[operation] ?? `cannot serve '${operation}'`;
	const kind = info === undefined ? undefined : KINDS[info.mode];
	const isTask = operation === 'embed' || operation === 'rerank' || operation === 'moderate';
	if (isTask && !offers(provider, operation)) return `"${requested}" is served by "${provider.name}", which ${lacks}.`;
	if (kind === undefined) return `"${requested}" ${lacks}.`;
	return `"${requested}" ${kind.does} and ${lacks}: send it to ${kind.ask}.`;
}
