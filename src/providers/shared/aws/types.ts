/** What calls are signed with. */
export interface AwsCredentials {
	accessKeyId: string;
	secretAccessKey: string;
	/** Present on temporary credentials. */
	sessionToken?: string;
	/** Unix time in ms after which they are refused; absent: they do not expire. */
	expiresAt?: number;
}

/** Where credentials come from. Rejects with `provider_auth` that says what to set. */
export type CredentialSource = () => Promise<AwsCredentials>;
