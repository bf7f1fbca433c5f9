/** Who may ask, and for what. */
export { KeyRing, type Principal, type VirtualKey } from './key-ring.ts';
