import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** Links in links: a loop ends here. */
const MAX_STEPS = 64;

/**
 * The symbolic links a path goes through, the path itself included. Deployment tools replace a mounted config by turning a link in
 * the middle of the path, which no watch of the file at its end sees.
 */
export function linksOf(file: string): string[] {
	const links: string[] = [];
	let open = file;
	for (let step = 0; step < MAX_STEPS; step++) {
		const link = firstLink(open);
		if (link === undefined) break;
		links.push(link.path);
		open = resolve(dirname(link.path), link.target, link.rest);
	}
	return [...new Set(links)];
}

function firstLink(file: string): { path: string; target: string; rest: string } | undefined {
	const { root } = parse(file);
	const parts = file.slice(root.length).split(sep);
	let path = root;
	for (const [index, part] of parts.entries()) {
		path = join(path, part);
		const target = linkTarget(path);
		if (target !== undefined) return { path, target, rest: parts.slice(index + 1).join(sep) };
	}
	return undefined;
}

function linkTarget(path: string): string | undefined {
	try {
		return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
	} catch {
		return undefined;
	}
}
