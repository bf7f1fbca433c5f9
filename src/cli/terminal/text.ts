/** Text that came from elsewhere, for a terminal: control characters, which could move the cursor or worse, are shown as `\x1b`. */
export function printable(text: string): string {
	return text.replace(/\p{Cc}/gu, (character) => {
		if (character === '\n' || character === '\t') return character;
		return character === '\r' ? '' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
	});
}

/** The same on one line. */
export function oneLine(text: string): string {
	return printable(text).replace(/\s+/g, ' ').trim();
}

const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
	/[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** Columns a text takes on a terminal. */
export function widthOf(text: string): number {
	let width = 0;
	for (const character of text) width += INVISIBLE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
	return width;
}

/** Styles by name, as SGR numbers. */
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export type Style = keyof typeof STYLES;

/** Puts a text in a style; leaves it as it is where there are no colours. */
export function styler(color: boolean): (style: Style, text: string) => string {
	return (style, text) => (color && text !== '' ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
}
