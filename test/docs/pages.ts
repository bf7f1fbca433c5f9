import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../tooling/project.ts';

/** A block of code in a page. */
export interface Block {
	language: string;
	text: string;
}

/** The text of a page of the repository. */
export function pageText(path: string): string {
	return readFileSync(join(repository, path), 'utf8');
}

/** The blocks of code in a page, in order. */
export function blocksOf(page: string): Block[] {
	return Array.from(page.matchAll(/^```(\w+)\n(.*?)^```$/gms), ([, language = '', text = '']) => ({ language, text }));
}

/** Links of a page that lead to no file. */
export function deadLinks(path: string): string[] {
	const links = Array.from(pageText(path).matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, target = '']) => target);
	const here = dirname(join(repository, path));
	return links.filter((link) => !link.includes('://') && !existsSync(join(here, link)));
}
