/** Service tiers other vendors name differently, in the words official clients of this dialect know. */
export const TIERS: { readonly [tier: string]: string } = { standard_only: 'default', standard: 'default' };
