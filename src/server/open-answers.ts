import type { ServerResponse } from 'node:http';

/**
 * Counts an answer among the open ones until all of it is with its client, or the client has left.
 * @param work cancelled when the client leaves
 */
export function countOpen(host: { open: number }, response: ServerResponse, work?: { cancel(): void }): void {
	if (response.destroyed) {
		work?.cancel();
		return;
	}
	host.open++;
	response.once('close', () => {
		host.open--;
		if (!response.writableFinished) work?.cancel();
	});
}
