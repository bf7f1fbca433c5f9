/** Credentials of Google's cloud, found as the vendor's own tools find them, and the tokens they give. */

export { type GoogleOptions, type GoogleToken, googleTokens, type Variables } from './find.ts';
