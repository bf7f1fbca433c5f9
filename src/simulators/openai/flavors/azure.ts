import type { JsonObject } from '../../../spec/index.ts';
import { list, objects } from '../../core/json.ts';
import { anything, listOf, object, open, text } from '../../core/shapekit.ts';
import { cloudProblem, violationProblem } from '../problems.ts';
import { extended } from '../shapes.ts';
import type { Answer } from '../style.ts';
import type { Traits } from '../traits.ts';
import { openaiWire, retryHeaders } from '../wire.ts';
import { CLOUD, CLOUD_STYLE } from './cloud.ts';

const SAFE = { filtered: false, severity: 'safe' };
const RESULTS: JsonObject = { hate: SAFE, self_harm: SAFE, sexual: SAFE, violence: SAFE };
const PROMPT_RESULTS: JsonObject[] = [
	{ prompt_index: 0, content_filter_results: { ...RESULTS, jailbreak: { detected: false, filtered: false } } },
];

/** What the filter found in an answer that it broke off. */
const FOUND: JsonObject = { ...RESULTS, violence: { filtered: true, severity: 'medium' } };

/** What the answer was drawn from, where the request brought sources of data. */
function context({ request }: Answer): JsonObject {
	const sources = list(request.data_sources);
	if (sources.length === 0) return {};
	const citations = objects(sources).map((source, index) => ({
		content: `Simulated document ${index + 1} of ${JSON.stringify(source.type)}.`,
		title: `Simulated document ${index + 1}`,
		url: `https://example.com/document-${index + 1}`,
		filepath: `document-${index + 1}.md`,
		chunk_id: '0',
	}));
	return { context: { citations, intent: '["simulated"]' } };
}

function results({ finish_reason: reason }: JsonObject): JsonObject {
	return reason === 'content_filter' ? FOUND : RESULTS;
}

/** Azure's own way with the protocol: filters over everything, sources of data, errors of its gate. */
export const AZURE: Traits = {
	...CLOUD,
	wire: {
		...openaiWire(cloudProblem, false),
		headers: ({ row }) => ({
			'apim-request-id': row.requestId,
			'x-request-id': row.requestId,
			'x-ms-region': 'Simulated',
			'x-ms-rai-invoked': 'true',
			'x-ratelimit-limit-requests': '5000',
			'x-ratelimit-limit-tokens': '5000000',
			'x-ratelimit-remaining-requests': '4999',
			'x-ratelimit-remaining-tokens': '4999000',
		}),
		problem: (status, exchange) => {
			if (status !== 429) return openaiWire(cloudProblem, false).problem(status, exchange);
			const seconds = exchange.controls.retryAfter ?? Math.ceil((exchange.controls.retryAfterMs ?? 1000) / 1000);
			const message =
				'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version have exceeded call rate limit of your current ' +
				`pricing tier. Please retry after ${seconds} seconds.`;
			const headers = { 'retry-after': String(seconds), 'retry-after-ms': String(seconds * 1000), ...retryHeaders(exchange) };
			return { status, body: { error: { code: '429', message } }, headers };
		},
	},
	shape: extended(
		{ data_sources: listOf(object({ type: text, parameters: open }, 'type', 'parameters'), 1), user_security_context: anything },
		{ context: anything },
	),
	noModel: () =>
		cloudProblem(
			'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
			{ status: 404, code: 'DeploymentNotFound' },
		),
	listed: ({ id, created }) => ({
		id,
		object: 'model',
		created_at: created,
		status: 'succeeded',
		capabilities: { fine_tune: false, inference: true, completion: false, chat_completion: true, embeddings: false },
		lifecycle_status: 'generally-available',
	}),
	violation: (violation) => violationProblem(violation, cloudProblem),
	style: {
		...CLOUD_STYLE,
		body: ({ choices, ...body }, answer) => ({
			choices: objects(choices).map(({ message, ...choice }) => ({
				content_filter_results: results(choice),
				...choice,
				message: { ...(typeof message === 'object' ? message : {}), ...context(answer) },
			})),
			...body,
			prompt_filter_results: PROMPT_RESULTS,
		}),
		event: (event, answer, place) => {
			const choices = objects(event.choices).map(({ delta, ...choice }) => ({
				content_filter_results: place === 'middle' ? RESULTS : choice.finish_reason === 'content_filter' ? FOUND : {},
				delta: { ...(typeof delta === 'object' ? delta : {}), ...(place === 'first' ? context(answer) : {}) },
				...choice,
			}));
			return { ...event, choices };
		},
		before: () => [{ choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: PROMPT_RESULTS }],
	},
};
