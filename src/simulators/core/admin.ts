import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../spec/index.ts';
import type { Bill } from './bill.ts';
import { ControlError, controlsFromJson } from './controls.ts';
import type { FaultRegistry, NewFaultRule } from './faultrules.ts';
import { FAULTS, isFault } from './faults.ts';
import { isObject, number, text } from './json.ts';
import type { Vendor } from './vendor.ts';

/** What the admin calls act on. */
export interface AdminParts {
	vendors: ReadonlyMap<string, Vendor>;
	bill: Bill;
	faults: FaultRegistry;
}

const RULE_KEYS = new Set(['vendor', 'model', 'endpoint', 'after']);

/** A rule from an admin call's body. Throws `ControlError`. */
export function ruleFromJson(body: JsonObject): NewFaultRule {
	if (typeof body.fault === 'number') body.fault = String(body.fault);
	if (body.fault !== undefined && !isFault(text(body.fault)))
		throw new ControlError(`the simulators know no fault "${text(body.fault)}"`);
	return {
		...(typeof body.vendor === 'string' ? { vendor: body.vendor } : {}),
		...(typeof body.model === 'string' ? { model: body.model } : {}),
		...(typeof body.endpoint === 'string' ? { endpoint: body.endpoint } : {}),
		...(number(body.after) === undefined ? {} : { after: number(body.after) ?? 0 }),
		controls: controlsFromJson(body, RULE_KEYS),
	};
}

type Action = (parts: AdminParts, body: JsonObject) => { status: number; body: object };

const ACTIONS: { [route: string]: Action } = {
	'GET /': ({ vendors, bill, faults }) => ({
		status: 200,
		body: {
			vendors: [...vendors.values()].map(({ name, kind }) => ({ name, kind })),
			totals: bill.totals(),
			rules: faults.list(),
			faults: {
				...FAULTS,
				'<status>': 'the documented error of a status from 400 to 599',
				'<status>-html': 'a web page under it',
			},
		},
	}),
	'GET /requests': ({ bill }) => ({ status: 200, body: { requests: bill.rows(), totals: bill.totals() } }),
	'GET /faults': ({ faults }) => ({ status: 200, body: { rules: faults.list() } }),
	'POST /faults': ({ faults, vendors }, body) => {
		const rule = ruleFromJson(body);
		if (rule.vendor !== undefined && !vendors.has(rule.vendor)) throw new ControlError(`there is no simulator "${rule.vendor}"`);
		return { status: 201, body: faults.add(rule) };
	},
	'DELETE /faults': ({ faults }) => {
		faults.clear();
		return { status: 200, body: { rules: [] } };
	},
	'POST /reset': (parts) => {
		resetAll(parts);
		return { status: 200, body: { reset: true } };
	},
};

/** Forgets the bill, the fault rules, the prompt caches and the responses kept. */
export function resetAll({ bill, faults, vendors }: AdminParts): void {
	bill.clear();
	faults.clear();
	for (const vendor of vendors.values()) vendor.reset();
}

function run(parts: AdminParts, route: string, bytes: Buffer | undefined): { status: number; body: object } {
	const action = ACTIONS[route];
	if (action === undefined) return { status: 404, body: { error: `no such call; there are ${Object.keys(ACTIONS).join(', ')}` } };
	try {
		const body: unknown = bytes === undefined || bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
		if (!isObject(body)) return { status: 400, body: { error: 'the body must be a JSON object' } };
		return action(parts, body);
	} catch (error) {
		if (!(error instanceof ControlError) && !(error instanceof SyntaxError)) throw error;
		return { status: 400, body: { error: error.message } };
	}
}

/** Answers a call under `/_sim`. `path`: what follows it. */
export function answerAdmin(
	parts: AdminParts,
	method: string,
	path: string,
	bytes: Buffer | undefined,
	response: ServerResponse,
): void {
	const { status, body } = run(parts, `${method} ${path}`, bytes);
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(`${JSON.stringify(body)}\n`);
}
