// Search filters in writing (RFC 4515): `(&(objectClass=user)(cn=a*))`.

import { hexText, masked, wireText } from '../../../../core/index.ts';
import { type BerElement, berFlag, berText, element, findElement } from '../ber.ts';
import { isSecretAttribute } from './names.ts';

const depthLimit = 16;
/** Characters after which the rest is left out. */
const lengthLimit = 4096;
const partLimit = 64;
/** Bytes of a value. */
const valueLimit = 256;

/** @param filter element with one of the tags [0] to [9] */
export function filterText(b: Uint8Array, filter: BerElement, depth = 0): string {
  if (depth >= depthLimit) return '(...)';
  switch (filter.tag) {
    case 0xa0:
      return setText(b, filter, '&', depth);
    case 0xa1:
      return setText(b, filter, '|', depth);
    case 0xa2: {
      const inside = element(b, filter.at, filter.end);
      return inside === null ? '(!)' : `(!${filterText(b, inside, depth + 1)})`;
    }
    case 0xa3:
      return comparison(b, filter, '=');
    case 0xa4:
      return substrings(b, filter);
    case 0xa5:
      return comparison(b, filter, '>=');
    case 0xa6:
      return comparison(b, filter, '<=');
    case 0x87:
      return `(${berText(b, filter)}=*)`;
    case 0xa8:
      return comparison(b, filter, '~=');
    case 0xa9:
      return extensible(b, filter);
    default:
      return '(?)';
  }
}

/** More than two are put together in pairs from the left, as Wireshark and Zeek write it. */
function setText(b: Uint8Array, set: BerElement, sign: string, depth: number): string {
  let out = '';
  let o = set.at;
  for (let parts = 0; o < set.end; parts++) {
    const one = element(b, o, set.end);
    if (one === null) break;
    if (out.length > lengthLimit) return `(${sign}${out}...)`;
    if (parts > 1) out = `(${sign}${out})`;
    out += filterText(b, one, depth + 1);
    o = one.next;
  }
  return `(${sign}${out})`;
}

function comparison(b: Uint8Array, filter: BerElement, sign: string): string {
  const name = element(b, filter.at, filter.end);
  const value = name === null ? null : element(b, name.next, filter.end);
  if (name === null || value === null) return '(?)';
  const attribute = berText(b, name);
  return `(${attribute}${sign}${shownValue(b, value, attribute)})`;
}

/** Initial [0], any [1], final [2]. */
function substrings(b: Uint8Array, filter: BerElement): string {
  const name = element(b, filter.at, filter.end);
  const list = name === null ? null : element(b, name.next, filter.end);
  if (name === null || list === null) return '(?)';
  const attribute = berText(b, name);
  let out = '';
  let o = list.at;
  let isOpen = false;
  for (let parts = 0; parts < partLimit && o < list.end; parts++) {
    const one = element(b, o, list.end);
    if (one === null) break;
    if (one.tag !== 0x80) out += '*';
    out += shownValue(b, one, attribute);
    isOpen = one.tag !== 0x82;
    o = one.next;
  }
  return `(${attribute}=${out}${isOpen ? '*' : ''})`;
}

/** Rule [1], type [2], value [3], DN attributes [4]: `cn:dn:2.4.6:=value`. */
function extensible(b: Uint8Array, filter: BerElement): string {
  const rule = findElement(b, filter.at, filter.end, 0x81);
  const type = findElement(b, filter.at, filter.end, 0x82);
  const value = findElement(b, filter.at, filter.end, 0x83);
  const dn = findElement(b, filter.at, filter.end, 0x84);
  const isDn = dn !== null && berFlag(b, dn);
  const left = `${type === null ? '' : berText(b, type)}${isDn ? ':dn' : ''}${rule === null ? '' : `:${berText(b, rule)}`}`;
  return `(${left}:=${value === null ? '' : shownValue(b, value, type === null ? '' : berText(b, type))})`;
}

/** A value, masked when the attribute is a password. */
const shownValue = (b: Uint8Array, value: BerElement, attribute: string): string =>
  isSecretAttribute(attribute) ? masked : valueText(b, value);

/** Text, or `\\hh` of each byte when the value is none. */
export function valueText(b: Uint8Array, value: BerElement): string {
  const end = Math.min(value.end, value.at + valueLimit);
  const words = wireText(b, value.at, end);
  return words.includes('\\x') ? `\\${hexText(b, value.at, end, '\\')}` : words;
}
