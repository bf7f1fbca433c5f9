import { type ChatRequest, RelaisError } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

function unsupported(param: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param });
}

/** Refuses wishes without which the answer would be another one, in dialects that have only one text for an answer. */
export function refuseUnoffered(request: ChatRequest, grounding = 'Grounding in data sources is not offered.'): void {
	if (request.candidates !== undefined && request.candidates > 1)
		throw unsupported('n', 'Only one answer can be asked for at a time.');
	const modality = request.modalities?.find((each) => each !== 'text');
	if (modality !== undefined) throw unsupported('modalities', `Output of kind '${modality}' is not offered.`);
	if (request.audioOutput !== undefined) throw unsupported('audio', 'Spoken answers are not offered.');
	if (request.dataSources !== undefined && request.dataSources.length > 0) throw unsupported('data_sources', grounding);
}

/** Refuses to go on with a conversation that nobody stored. */
export function refuseStored(request: ChatRequest): void {
	if (request.previousResponseId === undefined) return;
	throw unsupported('previous_response_id', 'Conversations are not stored; send the whole history.');
}

/** Reports wishes that dialects without accounts, tiers and caches have no field for. */
export function dropUnoffered(request: ChatRequest, losses: Losses): void {
	const drop = (path: string): void => losses.dropped(path, `'${path}' is not offered.`);
	if (request.metadata !== undefined && Object.keys(request.metadata).length > 0) drop('metadata');
	if (request.user !== undefined) drop('user');
	if (request.serviceTier !== undefined && request.serviceTier !== 'auto') drop('service_tier');
	if (request.store === true) drop('store');
	if (request.promptCacheKey !== undefined) drop('prompt_cache_key');
	if (request.promptCacheRetention !== undefined) drop('prompt_cache_retention');
	if (request.prediction !== undefined) drop('prediction');
}
