import { type LoadedConfig, loadConfig, type RelaisConfig, redactor } from '../../config/index.ts';
import { Relais } from '../../engine/index.ts';
import type { RequestRecord } from '../../router/index.ts';
import { createLogger } from '../../telemetry/log/index.ts';
import { Demo } from '../serve/demo.ts';
import type { TerminalIo } from '../terminal/index.ts';

/** How a command wants the engine. */
export interface OpenOptions {
	config?: string | undefined;
	/** False: simulated providers never stand in. */
	simulate: boolean;
	/** Changes the config before the engine is made of it. */
	adapt?(config: RelaisConfig): RelaisConfig;
	/** True: providers whose models nobody names are asked for them, for a moment. */
	discover?: boolean;
}

/** The engine as `relais serve` would have it, without a server. */
export interface OpenEngine {
	relais: Relais;
	loaded: LoadedConfig;
	/** Hides the providers' credentials in a text. */
	redact(text: string): string;
	/** Calls back with the record of the request of that id, once it is over. */
	onRecord(id: string, tell: (record: RequestRecord) => void): void;
	close(): Promise<void>;
}

/** How long to wait for model lists, in ms. */
const DISCOVERY_PATIENCE_MS = 2000;

/** Loads the config and builds the engine in this process. Throws `config_invalid`, and then nothing is left running. */
export async function openEngine(io: TerminalIo, options: OpenOptions): Promise<OpenEngine> {
	const loaded = await loadConfig({
		...(options.config !== undefined && { path: options.config }),
		cwd: io.cwd,
		env: io.env,
		overrides: {},
		discover: true,
		...(io.probe && { probe: io.probe }),
	});
	const demo = new Demo();
	const listeners = new Map<string, (record: RequestRecord) => void>();
	try {
		const complete = options.simulate ? await demo.apply(loaded.config) : loaded.config;
		const relais = await Relais.create({
			config: options.adapt?.(complete) ?? complete,
			logger: createLogger('silent'),
			onFinished: (record) => {
				listeners.get(record.id)?.(record);
				listeners.delete(record.id);
			},
		});
		if (options.discover === true) await briefly(relais.discoverModels());
		const close = async (): Promise<void> => {
			await relais.close();
			await demo.close();
		};
		const stated = redactor(complete.providers.flatMap(({ apiKey, headers }) => [apiKey, ...Object.values(headers)]));
		const redact = (text: string): string => stated(relais.state.terms.redact(text));
		return { relais, loaded, redact, onRecord: (id, tell) => void listeners.set(id, tell), close };
	} catch (error) {
		await demo.close();
		throw error;
	}
}

/** Waits for work, but not for long: it goes on by itself. */
async function briefly(work: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, DISCOVERY_PATIENCE_MS);
	});
	await Promise.race([work, patience]);
	clearTimeout(timer);
}
