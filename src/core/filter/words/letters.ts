// Letters without regard to case, the same in memory and in the engines: each one for itself, by its simple lower case.

/** Lower case, letter by letter: `ς` and `σ` stay apart at the ends of words, `İ` is `i`. */
export function lowerCase(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replaceAll('Σ', 'σ').replaceAll('İ', 'i').toLowerCase();
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** What a record has under a word that a user wrote; nothing that all objects have (`constructor`). */
export function entryOf<T>(record: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(record, word) ? record[word] : undefined;
}
