import type { JsonObject } from '../../spec/index.ts';
import { object, objects, text } from '../core/json.ts';
import { PrefixDigest, type PromptCache } from '../core/promptcache.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../core/tokens.ts';
import { blocksOf } from './conversation.ts';
import { filesAmong } from './files.ts';

type Ttl = '5m' | '1h';

/** A piece of the prompt in the order the cache sees it: tools, system, messages. */
interface Segment {
	/** What it says, for the digest; the cache mark left out. */
	content: string;
	tokens: number;
	/** A cache mark stands here, with its lifetime. */
	mark: Ttl | undefined;
}

/** Input tokens by where they came from. */
export interface InputUsage {
	total: number;
	read: number;
	written: { [ttl in Ttl]: number };
}

function innerText(block: JsonObject): string {
	return typeof block.content === 'string'
		? block.content
		: objects(block.content)
				.map((part) => text(part.text))
				.join('');
}

function blockTokens(block: JsonObject): number {
	const files = filesAmong([block, ...objects(block.content)]).reduce((sum, file) => sum + attachmentTokens(file), 0);
	if (block.type === 'text') return countTokens(text(block.text));
	if (block.type === 'tool_use') return countTokens(text(block.name) + JSON.stringify(block.input));
	if (block.type === 'thinking') return countTokens(text(block.thinking));
	return files + countTokens(innerText(block));
}

function segment(block: JsonObject, tokens: number): Segment {
	const { cache_control: mark, ...rest } = block;
	const ttl = object(mark).type === 'ephemeral' ? (object(mark).ttl === '1h' ? '1h' : '5m') : undefined;
	return { content: JSON.stringify(rest), tokens, mark: ttl };
}

/** Cuts a request into the pieces that its prompt is counted and cached by. */
export function segmentsOf(request: JsonObject): Segment[] {
	const tools = objects(request.tools).map((tool) => segment(tool, toolTokens(tool)));
	const instructions = typeof request.system === 'string' ? [{ type: 'text', text: request.system }] : objects(request.system);
	const system = instructions.map((block) => segment(block, countTokens(text(block.text))));
	const messages = objects(request.messages).flatMap((message) => [
		{ content: text(message.role), tokens: MESSAGE_TOKENS, mark: undefined },
		...blocksOf(message).map((block) => segment(block, blockTokens(block))),
	]);
	const all = [...tools, ...system, ...messages];
	const last = all.at(-1);
	if (last !== undefined && request.cache_control !== undefined && request.cache_control !== null) {
		last.mark = object(request.cache_control).ttl === '1h' ? '1h' : '5m';
	}
	return all;
}

/** Prompt tokens without regard to the cache. */
export function totalTokens(segments: Segment[]): number {
	return segments.reduce((sum, piece) => sum + piece.tokens, 0);
}

const LEAST = 1024;
const LIFE_MS: { [ttl in Ttl]: number } = { '5m': 5 * 60_000, '1h': 60 * 60_000 };

/**
 * Input tokens as the cache leaves them: up to the longest remembered prefix they are read, from there to the last mark written
 * (each stretch with the lifetime of the mark that ends it), the rest is plain. Remembers the marked prefixes.
 */
export function inputUsage(segments: Segment[], model: string, cache: PromptCache, now: number): InputUsage {
	const usage: InputUsage = { total: totalTokens(segments), read: 0, written: { '5m': 0, '1h': 0 } };
	const lastMark = segments.findLastIndex((piece) => piece.mark !== undefined);
	const digest = new PrefixDigest();
	digest.add(model);
	const marks: { key: string; tokens: number; ttl: Ttl }[] = [];
	let tokens = 0;
	for (const piece of segments.slice(0, lastMark + 1)) {
		digest.add(piece.content);
		tokens += piece.tokens;
		if (tokens < LEAST) continue;
		const key = digest.key();
		if (cache.has(key, now)) usage.read = tokens;
		if (piece.mark !== undefined) marks.push({ key, tokens, ttl: piece.mark });
	}
	let counted = usage.read;
	for (const mark of marks) {
		cache.keep(mark.key, now + LIFE_MS[mark.ttl]);
		if (mark.tokens <= counted) continue;
		usage.written[mark.ttl] += mark.tokens - counted;
		counted = mark.tokens;
	}
	return usage;
}
