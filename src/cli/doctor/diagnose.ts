import { type ErrorCode, isRelaisError, type RelaisError } from '../../spec/index.ts';

/** What is known of the provider that failed. */
export interface Patient {
	name: string;
	/** Where it is called; undefined: a module that does not say. */
	address: string | undefined;
	/** Whether a key is set. */
	hasKey: boolean;
	/** What to do about a key, from the provider itself. */
	credentialHint: string;
	/** Whether it runs on this machine. */
	local: boolean;
}

/** Why a provider failed. `reachable`, `keyAccepted`: null where the failure does not tell. */
export interface Diagnosis {
	reachable: boolean | null;
	keyAccepted: boolean | null;
	problem: string;
	cure: string;
}

type Finding = (patient: Patient, error: RelaisError) => Diagnosis;

const checkAddress = ({ name, address }: Patient): string =>
	`check base_url of provider "${name}"${address === undefined ? '' : ` (now ${address})`}`;

/** Codes of certificates that cannot be verified. */
const isCertificate = (code: string): boolean => code.includes('CERT') || code.includes('SIGNATURE');

/** Cures for connections that could not be made, by the system's error code. */
const CONNECTION_CURES: { readonly [code: string]: (patient: Patient) => string } = {
	ENOTFOUND: (patient) => `${checkAddress(patient)}, this machine's DNS, and that the network is up`,
	EAI_AGAIN: () => "check this machine's DNS and network, then try again",
	ECONNREFUSED: (patient) =>
		patient.local ? `start the server, or ${checkAddress(patient)}` : `nothing listens there: ${checkAddress(patient)}`,
	CERT_HAS_EXPIRED: () => "renew the server's certificate, or set this machine's clock right",
	ERR_TLS_CERT_ALTNAME_INVALID: (patient) => `use the name the certificate is for: ${checkAddress(patient)}`,
};

function systemCode(error: RelaisError): string {
	const { cause } = error;
	return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function connectionCure(patient: Patient, error: RelaisError): string {
	const code = systemCode(error);
	const known = CONNECTION_CURES[code];
	if (known !== undefined) return known(patient);
	if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
		return `the server may speak plain HTTP there: ${checkAddress(patient)} for http:// in place of https://`;
	if (isCertificate(code)) return 'make the authority that signed the certificate known: NODE_EXTRA_CA_CERTS=/path/to/ca.pem';
	return `${checkAddress(patient)}, a firewall or a proxy in between`;
}

/** The same address with `/v1` where it has none. */
function pathCure(patient: Patient): string {
	const { address } = patient;
	if (address === undefined || /\/v\d+\w*$/.test(address)) return `${checkAddress(patient)}: its path is not where the API lies`;
	return `${checkAddress(patient)}: its path seems wrong, most servers want ${address}/v1`;
}

const busy =
	(cure: string): Finding =>
	(_, { message }) => ({ reachable: true, keyAccepted: null, problem: message, cure });

const troubled = busy('the vendor has trouble of its own: look at its status page, or put another provider before it');

/** Trouble at the vendor, or on the way to where its tokens are bought: the error below tells. */
const unavailable: Finding = (patient, error) => {
	const { cause } = error;
	if (!isRelaisError(cause) || cause.code !== 'provider_unreachable') return troubled(patient, error);
	const cure = "check this machine's DNS and network, and the address tokens are bought at, where an option names one";
	return { reachable: false, keyAccepted: null, problem: error.message, cure };
};

const refused =
	(keyAccepted: boolean | null, cure: (patient: Patient) => string): Finding =>
	(patient, { message }) => ({ reachable: true, keyAccepted, problem: message, cure: cure(patient) });

/** By the code of the error. What vendors say of a key is not repeated: it often quotes a part of the key. */
const FINDINGS: { readonly [code in ErrorCode]?: Finding } = {
	provider_auth: ({ hasKey, credentialHint }, { provider, message }) => {
		// With a name on it, it is Relais's own error about credentials it could not get.
		if (provider !== undefined) return { reachable: null, keyAccepted: false, problem: message, cure: credentialHint };
		return {
			reachable: true,
			keyAccepted: false,
			problem: hasKey ? 'the key is refused' : 'no key is set',
			cure: credentialHint,
		};
	},
	provider_forbidden: refused(true, () => 'give the key the right to list and use models, or use a key of another project'),
	provider_quota: refused(true, () => 'add credit, or raise the spending limit of the account'),
	rate_limited: refused(true, () => 'the key works; wait, or ask the vendor for higher limits'),
	provider_not_found: refused(null, pathCure),
	provider_rejected: refused(null, pathCure),
	provider_protocol: (patient, { message }) => ({
		reachable: true,
		keyAccepted: null,
		problem: `what answers is no such API (${message})`,
		cure: pathCure(patient),
	}),
	provider_unreachable: (patient, error) => ({
		reachable: false,
		keyAccepted: null,
		problem: error.message,
		cure: connectionCure(patient, error),
	}),
	provider_timeout: (patient, { message }) => ({
		reachable: false,
		keyAccepted: null,
		problem: message,
		cure: `try again; if it lasts, ${checkAddress(patient)}, or allow more time with --timeout`,
	}),
	stream_interrupted: busy('try again; a proxy in between may cut answers off'),
	provider_overloaded: busy('the vendor is overloaded: try again later, or put another provider before it'),
	provider_unavailable: unavailable,
	provider_error: troubled,
};

/** What an error of a check means for the user, and what to do. */
export function diagnose(error: RelaisError, patient: Patient): Diagnosis {
	const finding = FINDINGS[error.code];
	if (finding !== undefined) return finding(patient, error);
	return { reachable: null, keyAccepted: null, problem: error.message, cure: checkAddress(patient) };
}
