import type { Relais } from '../../engine/index.ts';
import type { Principal } from '../../policy/auth/index.ts';
import type { Parameters } from './parameters.ts';

/** A request to the API, its sender admitted. */
export interface ApiRequest {
	relais: Relais;
	principal: Principal;
	query: Parameters;
}
