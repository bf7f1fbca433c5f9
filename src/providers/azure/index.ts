import { systemClock } from '../../lib/clock.ts';
import { isRelaisError, type ProviderHost, type ProviderSettings } from '../../spec/index.ts';
import type { Ask, ListedModel, VendorDescriptor } from '../descriptor.ts';
import { addressOf, isAzureHost, rootOf, type Shape } from './address.ts';
import { modelBehind } from './deployments.ts';
import { entraSigner, type Variables, wantsToken } from './entra.ts';
import { chatPaths, claudePaths, responsesPaths } from './paths.ts';
import { chatRules } from './rules.ts';

/** The makers whose APIs a resource has, with their habits. */
export interface Makers {
	openai: Partial<VendorDescriptor>;
	anthropic: Partial<VendorDescriptor>;
}

/** One of the names under which the vendor sells. */
interface Offer {
	/** What a dated API version means. */
	dated: Shape;
	/** Whether a deployment of which nothing is known is taken for one of OpenAI's models. */
	openai: boolean;
	keyVariable: string;
}

const AZURE_OPENAI: Offer = {
	dated: 'deployments',
	openai: true,
	keyVariable: 'AZURE_OPENAI_API_KEY',
};
const FOUNDRY: Offer = {
	dated: 'models',
	openai: false,
	keyVariable: 'AZURE_AI_API_KEY',
};

const CLAUDE = /claude/i;
const OPENAI_MODEL = /^(o\d|gpt-|chatgpt-|codex-|computer-use|model-router)/;

/** What follows from one provider's settings. */
function azureFor(
	{ openai, anthropic }: Makers,
	offer: Offer,
	settings: ProviderSettings,
	host: ProviderHost,
	env: Variables,
): Partial<VendorDescriptor> {
	const responses = openai.also?.['openai-responses'];
	const address = addressOf(settings, offer.dated);
	const behind = modelBehind(settings, address.deployment);
	const token = wantsToken(settings, isAzureHost(address.root));
	const cure = `set ${offer.keyVariable} or api_key of provider "${settings.name}", or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET`;
	const sign = token ? entraSigner(settings, { host, cure, clock: systemClock, env }) : undefined;
	const paths = chatPaths(address);
	return {
		...(address.root === undefined ? {} : { baseUrl: address.root }),
		// What follows the root, query and all, is in the paths.
		adaptBaseUrl: rootOf,
		paths,
		...(token ? { auth: 'signed' as const, signer: () => sign } : {}),
		baseModel: behind,
		// Those of any model: of one that is not OpenAI's own nothing is claimed.
		traits: (model, maxOutput, row) => responses?.traits?.(openaiSpelling(behind(model)), maxOutput, row) ?? {},
		rules: chatRules(openai.rules ?? [], address, behind),
		...(paths.models === undefined ? {} : listing(paths.models, address.shape, settings)),
		dialectsOf: (model, row) => dialectsOf(behind(model), offer, () => openai.dialectsOf?.(behind(model), row, settings)),
		also: {
			'openai-responses': {
				...responses,
				traits: (model, maxOutput, row) => responses?.traits?.(openaiSpelling(behind(model)), maxOutput, row) ?? {},
				paths: responsesPaths(address),
			},
			'anthropic-messages': {
				...anthropic,
				adaptBaseUrl: rootOf,
				paths: claudePaths,
				traits: (model, maxOutput, row) => anthropic.traits?.(behind(model), maxOutput, row) ?? {},
			},
		},
	};
}

/** The vendor leaves the dot out of one name, which would make it look like a model yet to come. */
function openaiSpelling(model: string): string {
	return model.replace(/^gpt-35/, 'gpt-3.5');
}

function dialectsOf(model: string, offer: Offer, ofOpenai: () => readonly string[] | undefined): readonly string[] {
	if (CLAUDE.test(model)) return ['anthropic-messages'];
	if (OPENAI_MODEL.test(model) || offer.openai) return ofOpenai() ?? ['openai-chat'];
	return ['openai-chat'];
}

/**
 * Asks for the models, which proves address and key. Gateways in front of a resource often let only its deployments through: there
 * the refusal to list models proves as much.
 */
function listing(path: string, shape: Shape, settings: ProviderSettings): Pick<VendorDescriptor, 'list' | 'check'> {
	const check = async (ask: Ask): Promise<string | undefined> => {
		try {
			await ask(path);
			return undefined;
		} catch (error) {
			if (shape === 'v1' || !isRelaisError(error) || error.code !== 'provider_not_found') throw error;
			return 'it lets nobody list its models';
		}
	};
	return {
		check,
		list: async (ask) => {
			await check(ask);
			return deployed(settings);
		},
	};
}

/** The deployments the config names; the vendor's own list is of what could be deployed, which is not what answers. */
function deployed(settings: ProviderSettings): ListedModel[] | undefined {
	const { models, defaultModel, options } = settings;
	const named = [...models.map(({ id }) => id), ...Object.keys(options.deployments ?? {})];
	if (defaultModel !== undefined) named.push(defaultModel);
	return named.length === 0 ? undefined : [...new Set(named)].map((id) => ({ id }));
}

function descriptorOf(makers: Makers, offer: Offer): Partial<VendorDescriptor> {
	return {
		clientHeaders: ['idempotency-key', 'x-ms-client-request-id'],
		forSettings: (settings, host) => azureFor(makers, offer, settings, host, process.env),
	};
}

/** Azure OpenAI; Microsoft Copilot is a name people know it by. */
export function azureOpenai(makers: Makers): Partial<VendorDescriptor> {
	return descriptorOf(makers, AZURE_OPENAI);
}

/** Microsoft Foundry: models of many makers on one resource, Claude among them in Anthropic's own format. */
export function azureFoundry(makers: Makers): Partial<VendorDescriptor> {
	return descriptorOf(makers, FOUNDRY);
}
