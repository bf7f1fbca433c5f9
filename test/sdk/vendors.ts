import { CHIEF } from './vendors/chief.ts';
import { DIALECTS } from './vendors/dialects.ts';
import { KIN } from './vendors/kin.ts';
import type { Vendor } from './vendors/vendor.ts';

export type { Thinker, Vendor } from './vendors/vendor.ts';
export { CHIEF };

/** All rows of the matrix. */
export const VENDORS: readonly Vendor[] = [...CHIEF, ...DIALECTS, ...KIN];

/** A vendor as clients of a dialect meet it: one that speaks it too does so to them. */
export function facing(vendor: Vendor, dialect: string): Vendor {
	const { also, name, type } = vendor;
	const row = also?.dialect === dialect ? VENDORS.find((each) => each.name === also.row) : undefined;
	return row === undefined ? vendor : { ...row, name, type, ...also?.facts, can: { ...row.can, ...also?.can } };
}
