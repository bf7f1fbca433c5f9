/** The dialect's name, under which it keeps its extensions. */
export const DIALECT = 'openai-responses';
