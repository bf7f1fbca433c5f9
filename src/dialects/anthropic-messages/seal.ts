export { isSealed, sealPrevious, sealReasoning, unsealPrevious, unsealReasoning } from '../shared/index.ts';
