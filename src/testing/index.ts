/** What providers and dialects are held to: checks as data, for any test runner, and what they are made of. */

export { accumulate } from './accumulate.ts';
export { type Check, CheckFailure, type CheckResult, runChecks } from './check.ts';
export { checkDialect, type DialectCheckOptions, dialectChecks } from './dialect/index.ts';
export { createTestHost, type TestHost, testSettings } from './host.ts';
export { checkProvider, type ProviderCheckOptions, providerChecks } from './provider/index.ts';
export { streamFault } from './stream-grammar.ts';
