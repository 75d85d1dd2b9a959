// Distinguished names of certificates (X.501 §9), written in two ways: as RFC 4514 has it, last part first, and in order.

import { hexText, u16, u32, wireText } from '../../../../core/index.ts';
import { oidText, readDer, tag } from './der.ts';
import { attributes } from './oids.ts';

/** Parts of one name, and characters of one value that are kept. */
const partLimit = 64;
const valueLimit = 1024;

export interface DistinguishedName {
  /** `CN=*.example.org,O=Example\, Inc.,C=US` (RFC 4514), as in Zeek's x509.log. */
  readonly reversed: string;
  /** `C=US, O=Example, Inc., CN=*.example.org`, as in EVE. */
  readonly inOrder: string;
  /** The first common name; empty without one. */
  readonly commonName: string;
}

/**
 * Contents of a Name.
 *
 * ```text
 * SEQUENCE of SET of SEQUENCE { OBJECT IDENTIFIER type, string value }
 * ```
 */
export function readName(b: Uint8Array, at: number, end: number): DistinguishedName {
  let reversed = '';
  let inOrder = '';
  let commonName = '';
  let parts = 0;
  for (let o = at; o < end && parts < partLimit; parts++) {
    const set = readDer(b, o, end);
    if (set === null) break;
    o = set.end;
    let escaped = '';
    let plain = '';
    for (let p = set.at; p < set.end && parts < partLimit; parts++) {
      const pair = readDer(b, p, set.end);
      if (pair === null) break;
      p = pair.end;
      const type = readDer(b, pair.at, pair.end);
      const value = type === null ? null : readDer(b, type.end, pair.end);
      if (type === null || value === null || type.tag !== tag.oid) continue;
      const oid = oidText(b, type.at, type.end);
      const names = attributes.get(oid);
      const isText = value.tag >= tag.utf8 && value.tag <= tag.bmp;
      const text = isText ? stringOf(b, value.tag, value.at, value.end) : `#${hexText(b, type.end, value.end)}`;
      if (names?.[0] === 'CN' && commonName === '') commonName = text;
      escaped += `${escaped === '' ? '' : '+'}${names?.[0] ?? oid}=${isText ? escapedValue(text) : text}`;
      plain += `${plain === '' ? '' : ' + '}${names?.[1] ?? oid}=${text}`;
    }
    reversed = reversed === '' ? escaped : `${escaped},${reversed}`;
    inOrder = inOrder === '' ? plain : `${inOrder}, ${plain}`;
  }
  return { reversed, inOrder, commonName };
}

/** Text of a character string type, safe to show. */
function stringOf(b: Uint8Array, type: number, at: number, end: number): string {
  const stop = Math.min(end, at + valueLimit);
  const width = type === tag.bmp ? 2 : type === tag.universal ? 4 : 1;
  if (width === 1) return wireText(b, at, stop);
  let text = '';
  for (let o = at; o + width <= stop; o += width) {
    const c = width === 2 ? u16(b, o) : u32(b, o);
    const isControl = c < 0x20 || (c >= 0x7f && c < 0xa0);
    const isCharacter = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    text += isControl || !isCharacter ? `\\x${c.toString(16).padStart(2, '0')}` : String.fromCodePoint(c);
  }
  return text;
}

/** RFC 4514 §2.4. Safe text has backslashes of its own, which stay as they are. */
function escapedValue(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const isSpecial = c === ',' || c === '+' || c === '"' || c === '<' || c === '>' || c === ';';
    const isEdge = (c === ' ' && (i === 0 || i === text.length - 1)) || (c === '#' && i === 0);
    out += isSpecial || isEdge ? `\\${c}` : c;
  }
  return out;
}
