// Proves that the decoded length of a part is right for each encoding, however it is cut.

import { describe, expect, it } from 'vitest';
import { PartSize } from './part-size.ts';

function sizeOf(encoding: string, text: string, piece: number): number {
  const bytes = new TextEncoder().encode(text);
  const size = new PartSize(encoding);
  for (let at = 0; at < bytes.length; at += piece) size.take(bytes, at, Math.min(bytes.length, at + piece));
  return size.bytes;
}

const cases = [
  ['7bit', 'abc\r\ndef\r\n', 8],
  ['', 'abc\n', 3],
  ['8bit', 'abc', 3],
  ['7bit', '\r\n', 0],
  ['7bit', '\n\n', 1],
  ['base64', btoa('x'.repeat(100)).replace(/.{60}/, '$&\r\n'), 100],
  ['base64', 'NA=\r\n=Mg\r\n==\r\n', 2],
  [' BASE64', `${btoa('xy')}\r\n`, 2],
  ['quoted-printable', 'a=3Db=\r\nc\r\n', 4],
  ['quoted-printable', 'a= \r\nb', 2],
  ['quoted-printable', 'a=\nb\n', 2],
  ['quoted-printable', 'a\r\n=\r\n', 3],
] as const;

describe('part size', () => {
  it.each(cases)('%s %j', (encoding, text, expected) => {
    for (const piece of [1, 2, 3, 1000]) expect(sizeOf(encoding, text, piece)).toBe(expected);
  });
});
