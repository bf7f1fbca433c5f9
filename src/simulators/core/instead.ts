import { breakOff, sendProblem, sendText, writeHead } from './deliver.ts';
import { type Exchange, streamType, untilClosed } from './exchange.ts';

/** The page a proxy in front of a vendor shows. */
function page(status: number): string {
	const title = `${status} ${status === 502 ? 'Bad Gateway' : status === 503 ? 'Service Temporarily Unavailable' : 'Error'}`;
	return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

async function resetAfterHeaders(exchange: Exchange): Promise<void> {
	const type = exchange.row.stream ? streamType(exchange) : 'application/json';
	writeHead(exchange, 200, { 'content-type': type });
	exchange.response.flushHeaders();
	await breakOff(exchange, true);
}

const PLAYS: { [fault: string]: (exchange: Exchange) => Promise<void> | void } = {
	quota: (exchange) => sendProblem(exchange, exchange.wire.quota(exchange)),
	reset: (exchange) => breakOff(exchange, true),
	'reset-after-headers': resetAfterHeaders,
	silence: untilClosed,
	'html-200': (exchange) => sendText(exchange, 200, 'text/html', page(200)),
	'empty-200': (exchange) => sendText(exchange, 200, exchange.row.stream ? streamType(exchange) : 'application/json', ''),
	'error-200': (exchange) => sendProblem(exchange, { ...exchange.wire.problem(500, exchange), status: 200 }),
};

/** Plays a fault that takes the answer's place. Returns false where the fault (or none) leaves the answer to be made. */
export async function playInstead(exchange: Exchange): Promise<boolean> {
	const { fault } = exchange.controls;
	if (fault === undefined) return false;
	const play = PLAYS[fault];
	const status = Number.parseInt(fault, 10);
	if (play !== undefined) await play(exchange);
	else if (Number.isNaN(status)) return false;
	else if (fault.endsWith('-html')) sendText(exchange, status, 'text/html', page(status));
	else sendProblem(exchange, exchange.wire.problem(status, exchange));
	return true;
}
