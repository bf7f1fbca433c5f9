import {
	decodeError,
	type InputNames,
	inputNames,
	predictionIn,
	predictionStream,
	stateOf,
	usualInputs,
} from '../../dialects/replicate/index.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { jsonOrText } from '../../lib/json.ts';
import {
	isRelaisError,
	type JsonObject,
	type JsonValue,
	type ProviderHost,
	type ProviderSettings,
	RelaisError,
	type WireCall,
	type WireStream,
} from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { baseUrlOf, fixedHeaders, REMEMBERED_MODELS } from '../wire-endpoint.ts';

/** Longest the API holds a call until a prediction is done, in s. */
const LONGEST_WAIT_S = 60;
/** Waits between two looks at a prediction, in ms: the first, and the longest. */
const FIRST_LOOK_MS = 300;
const SLOWEST_LOOK_MS = 3000;
/** Time for a model to be described, in ms. */
const DESCRIBE_LIMIT_MS = 15_000;
/** Time for a cancellation to be told, in ms. */
const CANCEL_LIMIT_MS = 3000;

/** The wait after one. */
function slower(wait: number): number {
	return Math.min(Math.max(wait * 1.5, FIRST_LOOK_MS), SLOWEST_LOOK_MS);
}

/** A prediction, as its API tells it. */
export type Prediction = JsonObject & { id: string };

/** Where a model's predictions are made, and what the call's body says beside the input. */
interface Place {
	path: string;
	body: JsonObject;
	/** Where its inputs are described. */
	schema: string;
}

/** `owner/name`, `owner/name:version` for models that have no address of their own, `deployments/owner/name`. */
const MODEL = /^(deployments\/)?(?!\.+\/)([\w.-]+)\/(?!\.+(?::|$))([\w.-]+?)(?::([\w-]+))?$/;

function placeOf(model: string): Place {
	const [, deployment, owner, name, version] = MODEL.exec(model) ?? [];
	if (owner === undefined || name === undefined)
		throw new RelaisError('provider_not_found', `"${model}" is no model here: they are named owner/name or owner/name:version.`);
	if (deployment !== undefined) {
		const path = `/deployments/${owner}/${name}`;
		return { path: `${path}/predictions`, body: {}, schema: path };
	}
	const path = `/models/${owner}/${name}`;
	if (version === undefined) return { path: `${path}/predictions`, body: {}, schema: path };
	return { path: '/predictions', body: { version }, schema: `${path}/versions/${version}` };
}

/** What a promise gives, unless the caller leaves before. */
function untilLeft<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const leave = (): void => reject(signal.reason);
		if (signal.aborted) leave();
		signal.addEventListener('abort', leave, { once: true });
		const stay = (): void => signal.removeEventListener('abort', leave);
		promise.then(resolve, reject).finally(stay);
	});
}

/** The API's calls, one by one: making a prediction, looking at it, reading its stream, giving it up. */
export class ReplicateCalls {
	readonly #host: ProviderHost;
	readonly #settings: ProviderSettings;
	readonly #base: URL;
	readonly #headers: string[];
	readonly #clock: Clock;
	readonly #inputs = new Map<string, Promise<InputNames>>();

	constructor(descriptor: VendorDescriptor, settings: ProviderSettings, host: ProviderHost, clock: Clock = systemClock) {
		this.#host = host;
		this.#settings = settings;
		this.#base = baseUrlOf(descriptor, settings);
		this.#headers = Object.entries(fixedHeaders(descriptor, settings)).flat();
		this.#clock = clock;
	}

	/** Asks any address of the API. Throws what it refuses. */
	async ask(path: string, signal: AbortSignal, body?: JsonObject, more: readonly string[] = []): Promise<JsonValue> {
		const call: WireCall = {
			origin: this.#base.origin,
			method: body === undefined ? 'GET' : 'POST',
			path: this.#base.pathname.replace(/\/+$/, '') + path,
			headers: [...this.#headers, ...more],
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		};
		const reply = await this.#host.request(call, this.#settings.timeouts, signal);
		const answer = jsonOrText(reply.body);
		if (reply.status < 200 || reply.status > 299) throw decodeError(reply.status, reply.headers, answer);
		return answer;
	}

	/** What a model takes, asked once. A model that cannot be described is taken for a usual one. */
	async inputs(model: string, signal: AbortSignal): Promise<InputNames> {
		const known = this.#inputs.get(model);
		if (known !== undefined) return untilLeft(known, signal);
		// For all who ask meanwhile: it does not end with the one who asked first.
		const asked = this.#describe(placeOf(model), AbortSignal.timeout(DESCRIBE_LIMIT_MS));
		if (this.#inputs.size >= REMEMBERED_MODELS) this.#inputs.clear();
		this.#inputs.set(model, asked);
		// What failed is asked again next time.
		asked.catch(() => this.#inputs.delete(model));
		return untilLeft(asked, signal);
	}

	async #describe({ schema }: Place, signal: AbortSignal): Promise<InputNames> {
		try {
			return inputNames(await this.ask(schema, signal)) ?? usualInputs;
		} catch (error) {
			if (isRelaisError(error) && error.code === 'provider_forbidden') return usualInputs;
			throw error;
		}
	}

	/** Makes a prediction. @param wait whether the call may be held until it is done */
	async make(model: string, input: JsonObject, wait: boolean, signal: AbortSignal): Promise<Prediction> {
		const { path, body } = placeOf(model);
		const { answer } = this.#settings.timeouts;
		const most = answer > 0 ? Math.floor(answer / 1000) - 1 : LONGEST_WAIT_S;
		const seconds = Math.min(LONGEST_WAIT_S, most);
		const prefer = wait && seconds > 0 ? ['prefer', `wait=${seconds}`] : [];
		return predictionIn(await this.ask(path, signal, { ...body, input, ...(wait ? {} : { stream: true }) }, prefer));
	}

	/** Looks at a prediction until it is over. @param first ms to the first look */
	async over(prediction: Prediction, signal: AbortSignal, first = FIRST_LOOK_MS): Promise<Prediction> {
		let latest = prediction;
		for (let wait = first; stateOf(latest) === 'running'; wait = slower(wait)) {
			if (wait > 0) await this.#clock.sleep(wait, signal);
			latest = predictionIn(await this.ask(`/predictions/${encodeURIComponent(latest.id)}`, signal));
		}
		return latest;
	}

	/** Opens a prediction's stream. The address is the API's own; the key goes there only where it is the same server's. */
	async stream(url: string, signal: AbortSignal): Promise<WireStream> {
		if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
			throw new RelaisError('provider_protocol', 'The provider named no usable address for the stream.');
		const { origin, pathname, search } = new URL(url);
		const headers = ['accept', 'text/event-stream', 'cache-control', 'no-store'];
		const own = origin === this.#base.origin ? this.#headers : [];
		const call: WireCall = { origin, method: 'GET', path: pathname + search, headers: [...own, ...headers] };
		return this.#host.stream(call, predictionStream, this.#settings.timeouts, signal);
	}

	/** Gives a prediction up, whose time is paid for. Nobody waits for it. */
	cancel({ id }: Prediction): void {
		this.ask(`/predictions/${encodeURIComponent(id)}/cancel`, AbortSignal.timeout(CANCEL_LIMIT_MS), {}).catch(() => undefined);
	}
}
