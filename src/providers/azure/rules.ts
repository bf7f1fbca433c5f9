import { askForStreamUsage, type BodyRule, drop, rename } from '../rules.ts';
import type { AzureAddress } from './address.ts';

/** First version of the dated API that tells the usage of streams when asked. */
const STREAM_USAGE_SINCE = '2024-09-01';

/** Whether an API of this version can be asked for the usage of streams. */
function tellsUsage({ shape, version }: AzureAddress): boolean {
	return shape !== 'deployments' || version === undefined || version >= STREAM_USAGE_SINCE;
}

const noStreamOptions = drop(['stream_options'], 'takes no stream options with this API version or with data sources');
const asMaxTokens = rename('max_completion_tokens', 'max_tokens');

/** Streams over data sources are made by a service in front of the model, which refuses to be asked for usage. */
function streamUsage(address: AzureAddress): BodyRule {
	const tells = tellsUsage(address);
	return (context) => (tells && context.get('data_sources') === undefined ? askForStreamUsage : noStreamOptions)(context);
}

/**
 * What chats must look like: as OpenAI's own, but for the version's age and for models of other makers.
 * @param rules OpenAI's own
 * @param behind tells the model behind a deployment
 */
export function chatRules(
	rules: readonly BodyRule[],
	address: AzureAddress,
	behind: (deployment: string) => string,
): readonly BodyRule[] {
	const own = rules.filter((rule) => rule !== askForStreamUsage);
	const mistral: BodyRule = (context) => {
		if (/^(mistral|ministral|codestral|mixtral)/.test(behind(context.model))) asMaxTokens(context);
	};
	return [...own, mistral, streamUsage(address)];
}
