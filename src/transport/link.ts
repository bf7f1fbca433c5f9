import { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { Client, type Dispatcher } from 'undici';

/** A dispatch handler that wants to know which connection it was given. */
export interface LinkUser {
	/** Returns false when the call is already over: nothing is sent then. */
	onLink(link: Link): boolean;
	/** True when the call must not travel on a connection that has been used before. */
	readonly wantsFreshLink: boolean;
}

function isLinkUser(handler: object): handler is LinkUser {
	return 'onLink' in handler;
}

/**
 * What undici does not tell about the connection of one pooled client: whether it is still being opened, its socket, and how
 * often it has been used. With pipelining 1 a client serves one call at a time, so a call owns its link.
 */
export class Link {
	socket: Socket | undefined;
	connecting = false;
	/** Requests written on the current connection. */
	uses = 0;
	readonly #connector: buildConnector.connector;

	constructor(connector: buildConnector.connector) {
		this.#connector = connector;
	}

	/** Opens a connection; undici calls it. */
	readonly open: buildConnector.connector = (options, callback) => {
		this.uses = 0;
		this.connecting = true;
		// The declared type hides that undici's own connectors return the socket they are opening.
		const socket: unknown = this.#connector(options, (...result) => {
			this.connecting = false;
			callback(...result);
		});
		this.socket = socket instanceof Socket ? socket : undefined;
	};

	/** Gives up a connection that is still being opened. */
	cancelConnect(): void {
		if (this.connecting) this.socket?.destroy(new Error('the connection is no longer wanted'));
	}

	/** Whether request bytes still wait in this process for the network to take them. */
	get sending(): boolean {
		return (this.socket?.writableLength ?? 0) > 0;
	}

	/** Closes an open connection on which nothing runs. */
	dropIdle(): void {
		if (!this.connecting) this.socket?.destroy();
	}
}

/** A pool's client that introduces each call to its link. */
export class LinkedClient extends Client {
	readonly #link: Link;

	constructor(origin: URL, options: Client.Options, connector: buildConnector.connector) {
		const link = new Link(connector);
		super(origin, { ...options, connect: link.open });
		this.#link = link;
	}

	override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
		if (isLinkUser(handler)) {
			if (!handler.onLink(this.#link)) return true;
			if (handler.wantsFreshLink) this.#link.dropIdle();
		}
		return super.dispatch(options, handler);
	}
}
