import { describe, test } from 'vitest';
import { dialectChecks } from '../../testing/index.ts';
import { openaiResponses } from './index.ts';

describe('OpenAI’s Responses as a dialect', () => {
	test.each(dialectChecks().map((check) => [check.name, check] as const))('%s', async (_, check) => {
		await check.run(openaiResponses);
	});
});
