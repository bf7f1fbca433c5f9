import { type CapabilityTable, capabilityNamed, filterCapabilities } from '../../engine/index.ts';
import type { ApiRequest } from './request.ts';

/**
 * `GET /api/v1/capabilities`: what the providers of the config can do, model by model, as far as the key may use them; `all=true`: every
 * type of the catalog this version can reach besides. `provider`, `model` (with `*`) and `capability` (may be repeated) leave rows out.
 */
export function capabilities({ relais, principal, query }: ApiRequest): CapabilityTable {
	query.only('all', 'provider', 'model', 'capability');
	const filter = {
		provider: query.text('provider'),
		model: query.text('model'),
		capabilities: query.list('capability').map(capabilityNamed),
		mayUse: (names: readonly string[]) => principal.mayUse(names),
	};
	return filterCapabilities(relais.capabilities(query.flag('all') ? 'all' : 'configured'), filter);
}
