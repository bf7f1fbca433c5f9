export { sourceOfUrl, urlOfSource } from '../shared/index.ts';
