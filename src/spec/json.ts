/** Any value JSON can carry. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object. A key set to `undefined` counts as absent, as `JSON.stringify` treats it. */
export interface JsonObject {
	[key: string]: JsonValue | undefined;
}

/**
 * What one dialect says that the canonical form has no name for, kept under that dialect's name so that the same dialect can
 * say it again, word for word. Every canonical node may carry one. A dialect that finds another dialect's extensions on what it
 * encodes reports each field as an `dropped` warning: nothing disappears in silence.
 */
export interface Extensions {
	[dialect: string]: JsonObject;
}

/** Base of canonical nodes. */
export interface Extensible {
	extensions?: Extensions;
}
