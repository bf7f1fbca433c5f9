import Fastify from 'fastify';
import { type Dispatcher, Pool } from 'undici';
import { endWithParent, numberArgument, tellParent } from '../harness/script.ts';

/**
 * The least a gateway can do on this stack: parse the request, check the key, forward, read the usage. What Relais adds to this is
 * what its features cost.
 *
 *     node bench/baselines/bare-proxy.ts <port> <upstreamPort> <key>
 */

const port = numberArgument(0);
const upstream = new Pool(`http://127.0.0.1:${numberArgument(1)}`, { pipelining: 1 });
const key = `Bearer ${process.argv[4]}`;
let tokens = 0;

const app = Fastify({ bodyLimit: 32 * 1024 * 1024 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post('/v1/*', (request, reply) => {
	const body = request.body;
	if (request.headers.authorization !== key || !Buffer.isBuffer(body)) {
		void reply.code(401).send({ error: 'no' });
		return;
	}
	const streamed = JSON.parse(body.toString()).stream === true;
	reply.hijack();
	const { raw } = reply;
	const chunks: Buffer[] = [];
	const handler: Dispatcher.DispatchHandler = {
		onRequestStart() {},
		onResponseStart(_controller, status, headers) {
			raw.writeHead(status, streamed ? { 'content-type': headers['content-type'] } : headers);
		},
		onResponseData(_controller, chunk) {
			if (streamed) raw.write(chunk);
			else chunks.push(chunk);
		},
		onResponseEnd() {
			if (!streamed) tokens += JSON.parse(Buffer.concat(chunks).toString()).usage?.total_tokens ?? 0;
			raw.end(streamed ? undefined : Buffer.concat(chunks));
		},
		onResponseError: () => raw.destroy(),
	};
	upstream.dispatch({ method: 'POST', path: request.url, headers: ['content-type', 'application/json'], body }, handler);
});

endWithParent();
await app.listen({ port, host: '127.0.0.1' });
tellParent('ready');
process.on('beforeExit', () => console.log(`${tokens} tokens`));
