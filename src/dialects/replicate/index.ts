/**
 * Predictions of Replicate: one prompt in, text out. It is no `Dialect`: an answer takes several calls (a prediction is made, looked
 * at, its stream read elsewhere), and what goes in is named by each model in its own way.
 */
export { decodeError, failureOf } from './errors.ts';
export { type Asked, decodePrediction, predictionIn, stateOf } from './prediction.ts';
export { encodeInput } from './request.ts';
export { type InputNames, inputNames, usualInputs } from './schema.ts';
export { PredictionParts, predictionStream } from './stream.ts';
