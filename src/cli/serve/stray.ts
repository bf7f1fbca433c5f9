import type { Relais } from '../../engine/index.ts';

/**
 * A promise that nobody looks after, as a provider module may leave one, is logged. Node would end the program, and with it the
 * requests of everybody else.
 */
export function surviveStrayRejections(relais: Relais): void {
	process.on('unhandledRejection', (reason) => relais.reportFault(reason));
}
