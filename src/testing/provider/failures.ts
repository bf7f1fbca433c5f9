import { ensure, ensureNone } from '../check.ts';
import { healthReport } from '../shapes.ts';
import { type Bodies, type Body, rejection } from './trial.ts';

/** Where nothing can work: an unhealthy report, not a rejection, and typed errors from the rest. */
const failsTyped: Body = async (trial) => {
	const broken = trial.settings.broken?.();
	if (broken === undefined) return 'no broken provider was given';
	const report = await broken.isHealthy(trial.context());
	ensureNone(healthReport(report, 'the report'));
	ensure(!report.healthy, 'the broken provider reports that it is healthy');
	ensure(report.detail !== undefined && report.detail !== '', 'the report does not name the cause');
	trial.ensureNoSecret(report.detail, 'the report');
	const request = trial.request('Hello.');
	const whole = await rejection(broken.chat(request, trial.context()));
	ensure(whole !== undefined, 'the broken provider answers a chat');
	trial.ensureTyped(whole, "a chat's error", broken);
	const streamed = await trial.streamFailure(request, trial.context(), broken);
	ensure(streamed !== undefined, 'the broken provider answers a streamed chat');
	trial.ensureTyped(streamed, "a stream's error", broken);
	const listed = await rejection(broken.listModels(trial.context()));
	if (listed !== undefined) trial.ensureTyped(listed, "a listing's error", broken);
	return undefined;
};

const refusesUnknownModel: Body = async (trial) => {
	const { unknownModel, unknownModelCodes } = trial.settings;
	if (unknownModel === false) return 'it answers under any model name';
	const request = trial.request('Hello.', { model: unknownModel });
	const whole = await rejection(trial.provider.chat(request, trial.context()));
	const streamed = await trial.streamFailure(request, trial.context());
	for (const [what, error] of [
		['a chat', whole],
		['a streamed chat', streamed],
	] as const) {
		ensure(error !== undefined, `${what} with the unknown model "${unknownModel}" is answered`);
		trial.ensureTyped(error, `the error of ${what}`);
		const { code } = error as { code: (typeof unknownModelCodes)[number] };
		ensure(
			unknownModelCodes.includes(code),
			`${what} with an unknown model fails as ${code}, not as ${unknownModelCodes.join(' or ')}`,
		);
	}
	return undefined;
};

/** How a provider fails. */
export const FAILURES: Bodies = {
	'reports what is broken, and fails with typed errors then': failsTyped,
	'refuses an unknown model with a typed error': refusesUnknownModel,
};
