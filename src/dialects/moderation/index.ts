/** The form in which texts and images are judged, OpenAI's, which others copy. */
export { openaiModeration } from './moderations.ts';
