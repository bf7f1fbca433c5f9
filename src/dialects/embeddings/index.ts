/** The formats in which vectors are asked for and given. */

export { cohereEmbed, cohereEmbedHosted } from './cohere.ts';
export { geminiBatchEmbed, geminiEmbed } from './gemini.ts';
export { jinaEmbeddings, mistralEmbeddings, openaiEmbeddings, purposeEmbeddings, voyageEmbeddings } from './listed-forms.ts';
export { ollamaEmbed, ollamaEmbeddings } from './ollama.ts';
export { predictEmbeddings } from './predict.ts';
export { resultsEmbeddings } from './results.ts';
export { titanEmbeddings } from './titan.ts';
