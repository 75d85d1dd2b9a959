// Text from the network is hostile: this is the only way to make it printable.

declare const printableBrand: unique symbol;
/** A string without control characters or direction overrides, safe for a terminal, a log line or a page. */
export type Printable = string & { readonly [printableBrand]: true };

// C0, DEL, C1, soft hyphen, bidi marks/embeddings/overrides/isolates, line and paragraph separators, BOM, tags.
const hostile =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Shows control characters and direction overrides as visible escapes (`\x1b`, `\u{202e}`), lone surrogates as U+FFFD. */
export function printable(text: string): Printable {
  const shown = text.toWellFormed().replace(hostile, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
  // The replacement above is what the brand promises.
  return shown as Printable;
}
