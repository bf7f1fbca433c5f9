import { table } from '../shared/index.ts';

/** Service tiers other vendors name differently, in the words official clients of this dialect know. */
export const TIERS = table<string>({ standard_only: 'default', standard: 'default' });
