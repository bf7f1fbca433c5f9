/** Works out the use case and the complexity of a request, offline: what the model name `auto` stands on. */
export { classify } from './classify.ts';
export { classifierInput } from './from-request.ts';
export {
	type Classification,
	type ClassifierInput,
	type ComplexityLevel,
	type Reason,
	USE_CASES,
	type UseCase,
} from './types.ts';
