/** The engine inside a command: opened from the same config as `relais serve`, asked without a server. */
export { type Answered, ask } from './ask.ts';
export { costOf, dollars } from './cost.ts';
export { firstModels, isSimulated, talks } from './models.ts';
export { type OpenEngine, type OpenOptions, openEngine } from './open.ts';
