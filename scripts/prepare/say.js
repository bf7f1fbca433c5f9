// @ts-check

/**
 * One line of progress, kept off standard output, which belongs to the program.
 * @param {string} text
 */
export function say(text) {
	process.stderr.write(`Relais: ${text}\n`);
}
