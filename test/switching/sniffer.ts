import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What passed between Relais and a vendor in one call. */
export interface Overheard {
	path: string;
	status: number;
	/** Bodies with a character a byte: answers may be binary. */
	asked: string;
	answered: string;
}

/** A wire tap before the vendors: passes everything on as it is and remembers it. */
export interface Sniffer {
	readonly url: string;
	/** Calls that have ended, oldest first. */
	readonly calls: Overheard[];
	close(): Promise<void>;
}

function passOn(origin: URL, calls: Overheard[], incoming: IncomingMessage, outgoing: ServerResponse): void {
	const asked: Buffer[] = [];
	const { method, url: path = '/', headers } = incoming;
	const onward = send({ host: origin.hostname, port: origin.port, method, path, headers }, (answer) => {
		const answered: Buffer[] = [];
		const status = answer.statusCode ?? 0;
		outgoing.writeHead(status, answer.rawHeaders);
		answer.on('data', (chunk: Buffer) => {
			answered.push(chunk);
			outgoing.write(chunk);
		});
		answer.on('end', () => {
			const texts = { asked: Buffer.concat(asked).toString('latin1'), answered: Buffer.concat(answered).toString('latin1') };
			calls.push({ path, status, ...texts });
			outgoing.end();
		});
		answer.on('error', () => outgoing.destroy());
	});
	onward.on('error', () => outgoing.destroy());
	incoming.on('data', (chunk: Buffer) => {
		asked.push(chunk);
		onward.write(chunk);
	});
	incoming.on('end', () => onward.end());
}

/** Starts a tap before a server. The `host` header stays that of the tap: signatures that cover it still hold. */
export async function startSniffer(target: string): Promise<Sniffer> {
	const origin = new URL(target);
	const calls: Overheard[] = [];
	const server: Server = createServer((incoming, outgoing) => passOn(origin, calls, incoming, outgoing));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		calls,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
