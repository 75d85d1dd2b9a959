// The secret that conversations of tests carry, in the many ways protocols write it, and how it is found in what is told.

import type { Heard } from '../../src/analysis/protocols/golden/converse.ts';

export const secret = 'S3cr3t-Geheim';
export const user = 'anna';

export const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
export const percent = (text: string): string =>
  [...Buffer.from(text, 'latin1')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
export const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** The characters of base64 that a text comes to inside of a longer one, wherever it begins. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const whole = base64('\0'.repeat(offset) + text).replace(/=+$/, '');
    return whole.slice(offset === 0 ? 0 : offset + 1, -2);
  });
}

/** Small letters throughout: some protocols change the case of what they tell. */
const forms = (text: string): string[] =>
  [
    text,
    percent(text),
    hex(text),
    hex(text).replace(/..(?!$)/g, '$&:'),
    [...text].join('\\x00'),
    ...inBase64(text),
  ].map((form) => form.toLowerCase());

/** Everything that left the parsers. */
export function allTold(heard: Heard): string {
  const { told, weird, weirdDetails, names, server, expected } = heard;
  return JSON.stringify([told.map(({ event }) => event), weird, weirdDetails, names, server, expected]);
}

/** The forms in which any of the secrets shows in a text. */
export function shownIn(text: string, secrets: readonly string[] = [secret]): string[] {
  const small = text.toLowerCase();
  // JSON doubles backslashes.
  const plain = small.replaceAll('\\\\', '\\');
  return secrets.flatMap(forms).filter((form) => plain.includes(form));
}
