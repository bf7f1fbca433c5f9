/** Credentials of AWS and the signing of calls with them. */

export { type AssumedRole, type CredentialOptions, credentialChain } from './credentials.ts';
export type { Variables } from './profiles.ts';
export { type SigningScope, signAws, without } from './sign.ts';
export type { AwsCredentials, CredentialSource } from './types.ts';
