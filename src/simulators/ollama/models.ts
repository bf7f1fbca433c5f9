import { digest, pick } from '../core/ids.ts';

/** What a model can do, in the server's words. */
export type Capability = 'completion' | 'vision' | 'tools' | 'thinking' | 'embedding';

/** A model that has been pulled. */
export interface OllamaModel {
	/** Name with its tag. */
	name: string;
	family: string;
	/** `8.0B`. */
	size: string;
	/** Longest context in tokens. */
	window: number;
	capabilities: readonly Capability[];
	/** Thinking is set by levels and cannot be turned off. */
	levels?: boolean;
	/** Length of its vectors. */
	dimensions: number;
}

function model(
	name: string,
	family: string,
	size: string,
	window: number,
	capabilities: Capability[],
	more: Partial<OllamaModel> = {},
): OllamaModel {
	return { name: name.includes(':') ? name : `${name}:latest`, family, size, window, capabilities, dimensions: 4096, ...more };
}

/** The models that are there, best known first. Source: the catalogue. */
export const OLLAMA_MODELS: readonly OllamaModel[] = [
	model('llama3.2', 'llama', '3.2B', 131_072, ['completion', 'tools']),
	model('llama3.1', 'llama', '8.0B', 131_072, ['completion', 'tools']),
	model('qwen3', 'qwen3', '8.2B', 40_960, ['completion', 'tools', 'thinking']),
	model('gpt-oss:20b', 'gptoss', '20.9B', 131_072, ['completion', 'tools', 'thinking'], { levels: true }),
	model('gpt-oss:120b', 'gptoss', '116.8B', 131_072, ['completion', 'tools', 'thinking'], { levels: true }),
	model('deepseek-r1', 'qwen3', '8.2B', 131_072, ['completion', 'thinking']),
	model('gemma3', 'gemma3', '4.3B', 131_072, ['completion', 'vision']),
	model('qwen3-vl', 'qwen3vl', '8.8B', 262_144, ['completion', 'vision', 'tools', 'thinking']),
	model('mistral', 'llama', '7.2B', 32_768, ['completion', 'tools']),
	model('nomic-embed-text', 'nomic-bert', '137M', 8192, ['embedding'], { dimensions: 768 }),
	model('mxbai-embed-large', 'bert', '334M', 512, ['embedding'], { dimensions: 1024 }),
	model('all-minilm', 'bert', '23M', 256, ['embedding'], { dimensions: 384 }),
	model('sim-small', 'llama', '0.1B', 1000, ['completion', 'tools']),
];

/** A model by the name a client gives it: the tag may be left out, and case does not matter. */
export function findModel(name: string): OllamaModel | undefined {
	const lower = name.toLowerCase().replace(/^registry\.ollama\.ai\/(library\/)?/, '');
	const wanted = lower.includes(':') ? lower : `${lower}:latest`;
	return OLLAMA_MODELS.find((entry) => entry.name === wanted);
}

/** The digest of a model's manifest. */
export function digestOf({ name }: OllamaModel): string {
	return (digest(name) + digest(`${name}/2`)).slice(0, 64);
}

/** What lists and descriptions say of a model. */
export function details({ family, size }: OllamaModel): { [key: string]: string | string[] } {
	return { parent_model: '', format: 'gguf', family, families: [family], parameter_size: size, quantization_level: 'Q4_K_M' };
}

/** Its size on disk, made up. */
export function bytesOf({ name, size }: OllamaModel): number {
	return Math.round(Number.parseFloat(size) * (size.endsWith('M') ? 600_000 : 600_000_000)) + pick(name, 1_000_000);
}

/** Names worth showing: what chats. */
export const SHOWCASE: readonly string[] = OLLAMA_MODELS.filter(
	(entry) => entry.capabilities.includes('completion') && entry.name !== 'sim-small:latest',
).map((entry) => entry.name.replace(/:latest$/, ''));
