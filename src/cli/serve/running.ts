import { type LoadedConfig, needsRestart, type RelaisConfig } from '../../config/index.ts';
import { Relais } from '../../engine/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { createServer, type RelaisServer } from '../../server/index.ts';
import type { Logger } from '../../telemetry/log/index.ts';
import { keyConfig, type OwnKey, ownKey } from './access.ts';
import { Demo } from './demo.ts';

/** How long to wait for the model lists of providers the catalog does not know, in ms. */
const DISCOVERY_PATIENCE_MS = 400;

/** The program while it serves: takes over changed configs, one after the other, and stops. */
export class Running {
	readonly url: string;
	readonly relais: Relais;
	readonly #server: RelaisServer;
	readonly #demo: Demo;
	readonly #logger: Logger;
	/** What holds until the next start: address, data folder. */
	readonly #started: RelaisConfig;
	#key: OwnKey | undefined;
	#loaded: LoadedConfig;
	#turn: Promise<boolean> = Promise.resolve(false);

	private constructor(
		url: string,
		parts: { relais: Relais; server: RelaisServer; demo: Demo; logger: Logger },
		loaded: LoadedConfig,
		key: OwnKey | undefined,
	) {
		this.url = url;
		this.relais = parts.relais;
		this.#server = parts.server;
		this.#demo = parts.demo;
		this.#logger = parts.logger;
		this.#started = loaded.config;
		this.#loaded = loaded;
		this.#key = key;
	}

	/** Starts to listen. Throws `config_invalid` for what the user can mend, and then nothing is left running. */
	static async start(loaded: LoadedConfig, logger: Logger): Promise<Running> {
		const demo = new Demo();
		const undo: (() => Promise<void>)[] = [() => demo.close()];
		try {
			const { complete, key } = await completed(loaded.config, demo);
			const relais = await Relais.create({ config: complete, logger });
			undo.unshift(() => relais.close());
			const server = createServer({ relais });
			undo.unshift(() => server.close(0));
			const url = await server.listen(complete.server.host, complete.server.port);
			const running = new Running(url, { relais, server, demo, logger }, loaded, key);
			await running.#discover();
			relais.keepModelsFresh();
			return running;
		} catch (error) {
			for (const step of undo) await step();
			throw error;
		}
	}

	/** The key the program made itself, where the config has none. */
	get key(): OwnKey | undefined {
		return this.#key;
	}

	/** The config as it was last taken over. */
	get loaded(): LoadedConfig {
		return this.#loaded;
	}

	/**
	 * Puts a changed config in force, after those before it. What needs a restart is named; a config the engine refuses changes
	 * nothing. Resolves to whether clients need another key from now on.
	 */
	takeOver(next: LoadedConfig): Promise<boolean> {
		this.#turn = this.#turn
			.then(() => this.#replace(next))
			.catch((error: unknown) => {
				const reason = reasonOf(error);
				this.#logger.error({ reason }, 'the changed config cannot be used; the old one stays in force');
				return false;
			});
		return this.#turn;
	}

	async stop(): Promise<void> {
		await this.#turn;
		await this.#server.close(this.relais.state.config.server.drainTimeoutMs);
		await this.relais.close();
		await this.#demo.close();
	}

	async #replace(next: LoadedConfig): Promise<boolean> {
		const before = this.#loaded;
		const { complete, key } = await completed({ ...next.config, dataDir: this.#started.dataDir }, this.#demo);
		await this.relais.reload(complete);
		this.#loaded = next;
		this.#logger.info({ providers: this.relais.state.providers.map((provider) => provider.name) }, 'config reloaded');
		const settings = needsRestart(this.#started, next.config);
		if (settings.length > 0) this.#logger.warn({ settings }, 'these settings take effect at the next start');
		for (const notice of next.notices) if (!before.notices.includes(notice)) this.#logger.info({ notice }, 'note');
		await this.#discover();
		const changed = key?.key !== this.#key?.key;
		this.#key = key;
		return changed;
	}

	/** Local and simulated servers answer at once; whoever does not is left to answer later. */
	async #discover(): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, DISCOVERY_PATIENCE_MS);
		});
		await Promise.race([this.relais.discoverModels(), patience]);
		clearTimeout(timer);
	}
}

/** The config with what the program adds by itself: simulated providers, a key of its own. */
async function completed(config: RelaisConfig, demo: Demo): Promise<{ complete: RelaisConfig; key: OwnKey | undefined }> {
	const withDemo = await demo.apply(config);
	const key = await ownKey(withDemo);
	return { complete: key === undefined ? withDemo : { ...withDemo, keys: [keyConfig(key)] }, key };
}
