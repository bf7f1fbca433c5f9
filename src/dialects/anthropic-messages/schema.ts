export { supportedSchema } from '../shared/index.ts';
