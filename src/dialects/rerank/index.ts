/** The formats in which documents are ordered by a query. */

export { sourcesRerank } from './agent.ts';
export { cohereRerank, cohereRerankHosted, jinaRerank, voyageRerank } from './forms.ts';
export { outputRerank, passagesRerank, resultsRerank, scoresRerank } from './nested.ts';
