import { z } from 'zod';
import { RelaisError } from '../spec/index.ts';
import type { AliasesFile, ModelsFile, ProvidersFile } from './data-format.ts';
import { aliasesFileSchema, modelsFileSchema, providersFileSchema } from './schema.ts';

/** A whole catalog as one JSON object: the three data files by name. */
export interface CatalogBundle {
	providers: ProvidersFile;
	models: ModelsFile;
	aliases: AliasesFile;
}

const bundleSchema = z.strictObject({ providers: providersFileSchema, models: modelsFileSchema, aliases: aliasesFileSchema });

/** More problems than this say no more than the first ones. */
const PROBLEMS_SHOWN = 10;

/**
 * A catalog from its JSON text, every row held to the schema and to the rows it refers to.
 * @param name what to call it in messages
 * Throws `config_invalid` with what is wrong.
 */
export function parseBundle(text: string, name: string): CatalogBundle {
	let value: unknown;
	try {
		value = JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		throw new RelaisError('config_invalid', `${name} is not JSON`);
	}
	const parsed = bundleSchema.safeParse(value);
	const problems = parsed.success
		? dangling(value as CatalogBundle)
		: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
	if (problems.length === 0) return value as CatalogBundle;
	const more = problems.length > PROBLEMS_SHOWN ? `\n  and ${problems.length - PROBLEMS_SHOWN} more` : '';
	const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `\n  ${problem.slice(0, 300)}`);
	throw new RelaisError('config_invalid', `${name} is no catalog of this version:${shown.join('')}${more}`);
}

/** References that lead nowhere, and ids that stand twice. */
function dangling({ providers, models, aliases }: CatalogBundle): string[] {
	const ids = new Set<string>();
	const problems: string[] = [];
	for (const { id } of providers.providers) {
		if (ids.has(id)) problems.push(`providers: ${id} stands twice`);
		ids.add(id);
	}
	for (const [provider, rows] of Object.entries(models.models)) {
		if (!ids.has(provider)) problems.push(`models.${provider}: there is no such provider`);
		for (const { id, from } of rows)
			if (from.some((index) => index >= models.sources.length))
				problems.push(`models.${provider}: ${id} refers to a source there is not`);
	}
	for (const { name, provider } of aliases.aliases)
		if (!ids.has(provider)) problems.push(`aliases: ${name} refers to the provider ${provider}, which there is not`);
	return problems;
}
