/** Errors in OpenAI's form, which all its APIs and most compatible vendors share. */

export * from './decode.ts';
export * from './encode.ts';
