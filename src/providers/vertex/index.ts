import { systemClock } from '../../lib/clock.ts';
import { isRelaisError, type ModelInfo, type ProviderHost, type ProviderSettings } from '../../spec/index.ts';
import type { Ask, VendorDescriptor, WireFormat, WirePaths } from '../descriptor.ts';
import { askForStreamUsage } from '../rules.ts';
import { placeOf } from './address.ts';
import { type Access, accessOf, googleSigner, type SigningHost } from './credentials.ts';
import { claudeBody, geminiRules } from './rules.ts';

/** The makers whose APIs the vendor has, with their habits. */
export interface Makers {
	gemini: Omit<WireFormat, 'dialect'>;
	anthropic: Partial<VendorDescriptor>;
}

/** Endpoints below project and location (catalog, `endpoints` of the row `vertex-ai`), by the dialect spoken there. */
const PATHS = {
	gemini: {
		chat: '/publishers/google/models/{model}:generateContent',
		chatStream: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
		count_tokens: '/publishers/google/models/{model}:countTokens',
		embed: '/publishers/google/models/{model}:predict',
	},
	'anthropic-messages': {
		chat: '/publishers/anthropic/models/{model}:rawPredict',
		chatStream: '/publishers/anthropic/models/{model}:streamRawPredict',
		count_tokens: '/publishers/anthropic/models/count-tokens:rawPredict',
	},
	'openai-chat': { chat: '/endpoints/openapi/chat/completions' },
} as const satisfies { [dialect: string]: WirePaths };

/** Id of a model without its version: `claude-sonnet-4-5@20250929` is `claude-sonnet-4-5`. */
function withoutVersion(model: string): string {
	return model.replace(/@[\w.-]+$/, '');
}

/** Claude's models speak Anthropic's dialect; `publisher/name` is how other makers' models are called, through the OpenAI layer. */
function dialectsOf(model: string): readonly string[] {
	if (model.includes('/')) return ['openai-chat'];
	return [/^claude/i.test(model) ? 'anthropic-messages' : 'gemini'];
}

/** A count of tokens costs nothing and tells whether address, project and credentials are right. */
function checkOf(models: readonly ModelInfo[]): (ask: Ask) => Promise<string | undefined> {
	const model = models.find(({ id, mode, deprecated }) => mode === 'chat' && deprecated !== true && id.startsWith('gemini'));
	return async (ask) => {
		const path = PATHS.gemini.count_tokens.replace('{model}', model?.id ?? 'gemini');
		try {
			await ask(path, { body: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } });
			return undefined;
		} catch (error) {
			if (isRelaisError(error) && error.code === 'provider_not_found') return `${model?.id ?? 'the model'} is not offered there`;
			throw error;
		}
	};
}

const AUTH: { readonly [kind in Access['kind']]: VendorDescriptor['auth'] } = {
	key: 'x-goog-api-key',
	bearer: 'bearer',
	none: 'signed',
	tokens: 'signed',
};

function vertexFor({ gemini, anthropic }: Makers, settings: ProviderSettings, outside: SigningHost): Partial<VendorDescriptor> {
	const atHome = placeOf(settings, false);
	const access = accessOf(settings, atHome.ownHost);
	// A key of express mode belongs to no project; one that does names it.
	const express = access.kind === 'key' && settings.options.project === undefined;
	const { root, path } = express ? placeOf(settings, true) : atHome;
	const sign = access.kind === 'tokens' ? googleSigner(settings, access.stated, outside) : undefined;
	const shared = { adaptBaseUrl: () => root + path, baseModel: withoutVersion };
	return {
		...shared,
		baseUrl: root,
		auth: AUTH[access.kind],
		...(sign === undefined ? {} : { signer: () => sign }),
		paths: PATHS.gemini,
		...(gemini.traits === undefined ? {} : { traits: gemini.traits }),
		rules: geminiRules,
		dialectsOf,
		also: {
			'anthropic-messages': {
				...anthropic,
				...shared,
				// The version stands in the body.
				headers: {},
				clientHeaders: ['anthropic-beta'],
				paths: PATHS['anthropic-messages'],
				rules: [...(anthropic.rules ?? []), claudeBody],
			},
			'openai-chat': {
				...shared,
				paths: PATHS['openai-chat'],
				traits: (_, maxOutput) => (maxOutput === null ? {} : { maxOutputTokens: maxOutput }),
				rules: [askForStreamUsage],
			},
		},
	};
}

/** Google Vertex AI: Gemini, and models of other makers in the dialects of their own. */
export function vertex(makers: Makers): Partial<VendorDescriptor> {
	return {
		forSettings: (settings, host: ProviderHost) => ({
			...vertexFor(makers, settings, { host, clock: systemClock, env: process.env }),
			check: checkOf(host.catalogModels('vertex-ai')),
		}),
	};
}
