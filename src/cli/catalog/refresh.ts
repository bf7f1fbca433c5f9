import {
	Catalog,
	type CatalogBundle,
	installBundle,
	loadCatalog,
	newAddresses,
	parseBundle,
	removeInstalled,
} from '../../catalog/index.ts';
import { reasonOf } from '../../lib/reason.ts';
import { oneLine, type TerminalIo, UsageError } from '../terminal/index.ts';
import { readSource } from './source.ts';

/**
 * Checks a catalog and installs it in the data folder. Refused: an older one than comes with Relais, and one that would send known
 * keys to new hosts, unless that is allowed. Throws `UsageError` and `config_invalid`, and then nothing has changed.
 */
export async function refresh(source: string, dataDir: string, allowNew: boolean, io: TerminalIo): Promise<void> {
	const bundle = parseBundle(await readSource(source, io.cwd), source);
	const shipped = loadCatalog();
	const { asOf } = bundle.providers;
	if (asOf < shipped.asOf)
		throw new UsageError(
			`this catalog is of ${asOf}, older than the one that comes with Relais (${shipped.asOf}): not installed`,
		);
	const moved = newAddresses(shipped.providers(), bundle.providers.providers);
	if (moved.length > 0 && !allowNew) {
		const list = moved.map((entry) => `\n  ${oneLine(`${entry.of}: ${entry.address}`)}`).join('');
		throw new UsageError(
			`this catalog would send keys to hosts they were not sent to before: not installed.${list}\nIf you trust them, add --allow-new-addresses.`,
		);
	}
	const path = install(dataDir, bundle);
	io.out(`installed in ${path}: ${differences(shipped, bundle)}\n`);
	io.out('A running Relais takes it over at its next start.\n');
}

function install(dataDir: string, bundle: CatalogBundle): string {
	try {
		return installBundle(dataDir, bundle);
	} catch (error) {
		throw new UsageError(`the catalog cannot be kept in ${dataDir}: ${reasonOf(error)}`);
	}
}

/** Names of all models, those of presets included. */
function namesIn(catalog: Catalog): string[] {
	return catalog.providers().flatMap((row) => catalog.models(row.id).map((model) => `${row.id}/${model.id}`));
}

/** What is new beside the catalog that ships, in a line. */
function differences(shipped: Catalog, bundle: CatalogBundle): string {
	const { providers, models, aliases } = bundle;
	const before = new Set(namesIn(shipped));
	const after = namesIn(new Catalog({ providers: () => providers, models: () => models, aliases: () => aliases }));
	const gone = before.size - after.filter((name) => before.has(name)).length;
	const added = after.filter((name) => !before.has(name)).length;
	const count = providers.providers.length;
	return `state of ${providers.asOf}, ${count} providers, ${after.length} models (${added} new, ${gone} gone)`;
}

/** Back to the catalog that ships. */
export function reset(dataDir: string, io: TerminalIo): void {
	const was = removeInstalled(dataDir);
	const { asOf } = loadCatalog();
	io.out(
		`${was ? 'the installed catalog is removed' : 'no catalog was installed'}; the one that comes with Relais is of ${asOf}\n`,
	);
}
