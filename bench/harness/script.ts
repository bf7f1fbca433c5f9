import type { Serializable } from 'node:child_process';

/** For the bench's own child processes: end with the parent, even when it was killed. */
export function endWithParent(): void {
	process.on('disconnect', () => process.exit(0));
}

export function tellParent(message: Serializable): void {
	process.send?.(message);
}

/** A numeric command-line argument by its place. */
export function numberArgument(index: number): number {
	const value = Number(process.argv[2 + index]);
	if (!Number.isFinite(value)) throw new Error(`argument ${index + 1} must be a number`);
	return value;
}
