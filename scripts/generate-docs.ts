/**
 * Writes the tables of docs/{en,fr}/capabilities.md from the catalog and the providers there are: everything below the mark in each page.
 * Writes docs/en/fidelity.md too, where recorded traffic is at hand beside the project; a test holds it to the recordings.
 *
 *     node scripts/generate-docs.ts           writes them
 *     node scripts/generate-docs.ts --check   ends with 1 when one is not as it would be written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../src/catalog/index.ts';
import { capabilityMarkdown, type Language } from '../src/cli/capabilities/markdown.ts';
import { reachableTypes } from '../src/engine/index.ts';
import { createTestHost } from '../src/testing/index.ts';
import { loadRecordings } from '../test/wire/surfaces/corpus.ts';
import { PAGE, page } from '../test/wire/surfaces/page.ts';

const MARK = '<!-- Everything below is written by "npm run docs". -->';
const LANGUAGES: readonly Language[] = ['en', 'fr'];

const catalog = loadCatalog();
const host = createTestHost();
const table = { asOf: catalog.asOf, providers: reachableTypes(catalog, host) };
await host.close();

const check = process.argv.includes('--check');
for (const language of LANGUAGES) {
	const file = fileURLToPath(new URL(`../docs/${language}/capabilities.md`, import.meta.url));
	const text = readFileSync(file, 'utf8');
	const end = text.indexOf(MARK);
	if (end < 0) throw new Error(`${file} lacks the line ${MARK}`);
	const whole = `${text.slice(0, end)}${MARK}\n\n${capabilityMarkdown(table, language)}`;
	if (whole === text) continue;
	if (check) {
		console.log(`docs/${language}/capabilities.md is out of date: run npm run docs`);
		process.exitCode = 1;
	} else {
		writeFileSync(file, whole);
		console.log(`wrote docs/${language}/capabilities.md`);
	}
}

const recordings = loadRecordings();
if (!check && recordings.length > 0) writeFileSync(PAGE, page(recordings));
