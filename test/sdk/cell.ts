import type { Answer, Ask, Client, ClientOptions, Lack, Mode, Surface, Turn } from './neutral.ts';
import { facing, type Vendor } from './vendors.ts';
import type { World } from './world.ts';

/** One client before one vendor: where a scenario is run. */
export interface Cell {
	readonly surface: Surface;
	readonly vendor: Vendor;
	readonly mode: Mode;
	readonly world: World;
	/** Whether client and vendor speak the same dialect, so that bytes pass through. */
	readonly native: boolean;
	/** The client of this cell. */
	readonly client: Client;
	/** Asks the vendor's plain model (or another) in the cell's mode. */
	ask(ask: Partial<Ask> & { turns: Turn[] }): Promise<Answer>;
	/** A request for the vendor's plain model. */
	request(ask: Partial<Ask> & { turns: Turn[] }): Ask;
	/** A model of this vendor, pinned. */
	pin(model: string): string;
	/** The model to show images to. */
	readonly seer: string;
	/** A further client with other settings. */
	connect(options: Partial<ClientOptions>): Client;
}

/** Something an application does with its client. `run` resolves with a word for the table where there is more to say than "passed". */
export interface Scenario {
	name: string;
	/** How the answer is fetched; all ways where nothing is said. One way: no matter. */
	modes?: readonly Mode[];
	run(cell: Cell): Promise<unknown>;
	/** Form a client must have for it. */
	needs?: Lack;
}

/** A client whose answers come without warnings that this vendor always causes. */
function without(asides: RegExp, client: Client): Client {
	return {
		ask: async (ask, mode) => {
			const answer = await client.ask(ask, mode);
			return { ...answer, warnings: answer.warnings.filter(({ message }) => !asides.test(message)) };
		},
		parse: (...args) => client.parse(...args),
		runTools: (...args) => client.runTools(...args),
		countTokens: client.countTokens === undefined ? undefined : (ask) => client.countTokens?.(ask) ?? Promise.resolve(0),
		models: () => client.models(),
		model: (id) => client.model(id),
		abandon: (...args) => client.abandon(...args),
		leave: (...args) => client.leave(...args),
		headers: () => client.headers(),
		requests: () => client.requests(),
	};
}

/** Sets up a cell. */
export function makeCell(surface: Surface, behind: Vendor, mode: Mode, world: World): Cell {
	const vendor = facing(behind, surface.dialect);
	const pin = (model: string): string => `${vendor.name}/${model}`;
	const connect = (options: Partial<ClientOptions>): Client => surface.connect({ ...world.access, ...options });
	const plain = connect({});
	const client = vendor.asides === undefined ? plain : without(vendor.asides, plain);
	const request: Cell['request'] = (ask) => ({ model: pin(vendor.plain), ...ask });
	return {
		surface,
		vendor,
		mode,
		world,
		native: surface.dialect === vendor.dialect,
		client,
		request,
		ask: (ask) => client.ask(request(ask), mode),
		pin,
		seer: pin(vendor.seer ?? vendor.plain),
		connect,
	};
}
