/** What people leave where a key should be. Deliberately narrow: a real key must never be taken for one. */
const PLACEHOLDERS: readonly RegExp[] = [
	/^(changeme|change[-_]me|replace[-_]?me|placeholder|todo|tbd|none|null|undefined|empty|dummy|example|secret|password|key|api[-_]?key|token)$/i,
	/^<.*>$/,
	/^\[.*\]$/,
	/^\$\{?\w+\}?$/,
	/^(put|insert|enter|add|paste|set|replace)[-_ ]/i,
	/\byour[-_ ]/i,
	/^(sk-|sk-ant-|gsk_|hf_|xai-|key-|pplx-)?(\.{2,}|…|x{3,}|\*{3,}|_{3,}|-{3,}|0{8,})$/i,
	/(\.{3}|…|x{8,}|\*{4,})$/i,
];

/** The key in a variable's value, trimmed; undefined when there is none or only a placeholder. */
export function usableKey(value: string | undefined): string | undefined {
	const key = value?.trim() ?? '';
	return key === '' || PLACEHOLDERS.some((pattern) => pattern.test(key)) ? undefined : key;
}
