import type { Provider } from '../../spec/index.ts';
import { type Check, type CheckResult, runChecks } from '../check.ts';
import { answersChat, callsTool, leavesRequest, streamsByGrammar, streamsToolCall, streamsWhatItAnswers } from './answers.ts';
import {
	endsCancelledChat,
	endsCancelledStream,
	keepsChatsApart,
	keepsStreamsApart,
	letsReaderStop,
	refusesCancelled,
} from './course.ts';
import {
	capabilitiesFromData,
	closesTwice,
	describesWire,
	failsTyped,
	isWhole,
	listsModels,
	refusesUnknownModel,
	reportsHealth,
} from './facts.ts';
import { complete, type ProviderCheckOptions } from './options.ts';
import { type Body, providerCheck } from './trial.ts';

export type { ProviderCheckOptions } from './options.ts';

/** What holds of every provider. The last check closes it. */
const CHECKS: readonly (readonly [name: string, body: Body])[] = [
	['has a name, a type and its methods', isWhole],
	['answers capabilities at once, from data', capabilitiesFromData],
	['lists models under its own name', listsModels],
	['reports that it is healthy', reportsHealth],
	['reports what is broken, and fails with typed errors then', failsTyped],
	['refuses an unknown model with a typed error', refusesUnknownModel],
	['describes its wire', describesWire],
	['answers a chat with content, a stop reason and usage', answersChat],
	['streams a chat by the grammar', streamsByGrammar],
	['streams what it answers whole', streamsWhatItAnswers],
	['leaves a request as it was', leavesRequest],
	['calls a tool and takes its result', callsTool],
	['streams a tool call and takes its result', streamsToolCall],
	['begins nothing for a caller who has left', refusesCancelled],
	['ends a chat that is cancelled', endsCancelledChat],
	['ends a stream that is cancelled', endsCancelledStream],
	['lets a reader leave a stream', letsReaderStop],
	['keeps concurrent chats apart', keepsChatsApart],
	['keeps concurrent streams apart', keepsStreamsApart],
	['may be closed twice', closesTwice],
];

/**
 * What every provider must hold to, for any test runner:
 *
 *     for (const check of providerChecks({ model: 'shout' })) test(check.name, () => check.run(provider));
 *
 * Run them in order: the last one closes the provider. They make about thirty short calls to the model.
 */
export function providerChecks(options: ProviderCheckOptions): Check<Provider>[] {
	const settings = complete(options);
	return CHECKS.map(([name, body]) => providerCheck(name, settings, body));
}

/** Runs all checks on a provider, in order, and closes it. Never rejects. */
export function checkProvider(provider: Provider, options: ProviderCheckOptions): Promise<CheckResult[]> {
	return runChecks(providerChecks(options), provider);
}
