/** Chooses where a request goes (plan) and takes it there (execute). */
export type { RetryPolicy } from './backoff.ts';
export {
	type Classification,
	type ClassifierInput,
	type ComplexityLevel,
	classifierInput,
	classify,
	USE_CASES,
	type UseCase,
} from './classify/index.ts';
export { Execution, type ExecutionHost, type ExecutionTerms, wireOf } from './execute/execution.ts';
export { NativePassage, type NativeRequestRun, type NativeSink } from './native/passage.ts';
export { type PlanPrincipal, plan } from './plan.ts';
export type { RetiredModels } from './retired.ts';
export { namesOf, type Resolution, RoutingTable, type TableProvider, type TableRoute } from './table.ts';
export type {
	AttemptRecord,
	Plan,
	ReplySink,
	RequestRecord,
	RoutedRequest,
	RoutedTask,
	Target,
} from './types.ts';
