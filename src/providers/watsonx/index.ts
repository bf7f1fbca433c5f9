import type { ModelTraits, ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { watsonxSigner } from './credentials.ts';
import { listWatsonx } from './list.ts';
import { versionOf, watsonxSettings } from './settings.ts';

/** The models that reason take a level. */
function watsonxTraits(model: string): ModelTraits {
	return /gpt-oss/.test(model) ? { reasoning: 'effort', efforts: ['low', 'medium', 'high'] } : {};
}

function cure({ code, message }: RelaisError, model: string, { name }: ProviderSettings): string | undefined {
	if (/project_id|space_id/i.test(message))
		return `Set WATSONX_PROJECT_ID, or options.project_id (or space_id) of provider "${name}": requests belong to a project or a deployment space`;
	if (code === 'provider_not_found')
		return `GET /v1/models lists what the region of provider "${name}" offers; ${model} may be in another`;
	return undefined;
}

/** Every path names the version of the API. */
function forSettings(settings: ProviderSettings): Partial<VendorDescriptor> {
	const version = `?version=${versionOf(settings)}`;
	const models = `/ml/v1/foundation_model_specs${version}`;
	return {
		paths: {
			chat: `/ml/v1/text/chat${version}`,
			chatStream: `/ml/v1/text/chat_stream${version}`,
			embed: `/ml/v1/text/embeddings${version}`,
			rerank: `/ml/v1/text/rerank${version}`,
			models,
		},
		list: (ask) => listWatsonx(ask, models),
		cure: (error, model) => cure(error, model, settings),
	};
}

/** What IBM watsonx.ai does its own way: tokens of an identity service, projects, versions of the API. */
export const watsonx: Partial<VendorDescriptor> = {
	adaptBaseUrl: (url) => url.replace(/\/+$/, '').replace(/\/ml\/v1$/, ''),
	traits: watsonxTraits,
	signer: (settings, host) => watsonxSigner(settings, host),
	rulesOf: watsonxSettings,
	forSettings,
};
