// What a file's first bytes say it is: magic numbers and looks of text, in Zeek's names of types.

import { hasAscii, hasAsciiAnyCase } from '../../../core/index.ts';

/** Bytes from a file's start that {@link mimeOf} looks at. */
export const mimeBytes = 1024;

/** Type, position of the magic bytes, and the bytes themselves as characters up to 0xff. By first byte. */
type Magic = readonly [string, number, string];

const magics: readonly Magic[] = [
  ['text/x-diff', 0, 'diff '],
  ['text/x-diff', 0, 'Only in '],
  ['text/x-diff', 0, 'Index: '],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/x-icon', 0, '\0\0\x01\0'],
  ['image/vnd.adobe.photoshop', 0, '8BPS'],
  ['application/pdf', 0, '%PDF-'],
  ['application/postscript', 0, '%!PS'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/x-gzip', 0, '\x1f\x8b'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\xfd7zXZ\0'],
  ['application/x-7z-compressed', 0, "7z\xbc\xaf'\x1c"],
  ['application/x-rar', 0, 'Rar!\x1a\x07'],
  ['application/x-tar', 257, 'ustar'],
  ['application/vnd.ms-cab-compressed', 0, 'MSCF'],
  ['application/x-dosexec', 0, 'MZ'],
  ['application/x-executable', 0, '\x7fELF'],
  ['application/x-mach-o-executable', 0, '\xcf\xfa\xed\xfe'],
  ['application/x-mach-o-executable', 0, '\xce\xfa\xed\xfe'],
  ['application/x-java-applet', 0, '\xca\xfe\xba\xbe'],
  ['application/msword', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/x-shockwave-flash', 0, 'FWS'],
  ['application/x-shockwave-flash', 0, 'CWS'],
  ['application/x-shockwave-flash', 0, 'ZWS'],
  ['application/vnd.tcpdump.pcap', 0, '\xd4\xc3\xb2\xa1'],
  ['application/vnd.tcpdump.pcap', 0, '\xa1\xb2\xc3\xd4'],
  ['application/vnd.tcpdump.pcap', 0, '\n\r\r\n'],
  ['application/x-pem', 0, '-----BEGIN CERTIFICATE-----'],
  ['application/ogg', 0, 'OggS'],
  ['application/font-woff', 0, 'wOFF'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/x-wav', 8, 'WAVE'],
  ['video/x-flv', 0, 'FLV\x01'],
  ['video/x-msvideo', 8, 'AVI '],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\x1aE\xdf\xa3'],
  ['text/x-php', 0, '<?php'],
];

/** By first byte of the file where the magic stands at its start; those that stand later are under 256. */
const byFirst: readonly Magic[][] = (() => {
  const table: Magic[][] = Array.from({ length: 257 }, () => []);
  for (const magic of magics) table[magic[1] === 0 ? magic[2].charCodeAt(0) : 256].push(magic);
  return table;
})();

/** OCSP messages carry one of these object identifiers near their start. */
const ocspRequest = '\x06\x05\x2b\x0e\x03\x02\x1a';
const ocspResponse = '\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01';

/** Elements that make a text a page, after `<`, and the type each means. */
const elements: readonly (readonly [string, string])[] = [
  ['!doctype html', 'text/html'],
  ['html', 'text/html'],
  ['head', 'text/html'],
  ['title', 'text/html'],
  ['body', 'text/html'],
  ['meta http-equiv', 'text/html'],
  ['script type="text/javascript', 'application/javascript'],
  ['script language="javascript', 'application/javascript'],
  ['rss', 'text/rss'],
  ['feed', 'text/atom'],
  ['soap:envelope', 'application/soap+xml'],
  ['soap-env:envelope', 'application/soap+xml'],
  ['cross-domain-policy', 'text/x-cross-domain-policy'],
  ['!doctype cross-domain-policy', 'text/x-cross-domain-policy'],
  ['methodresponse>', 'application/xml-rpc'],
];

/** @returns undefined when nothing is known */
export function mimeOf(b: Uint8Array, at: number, end: number): string | undefined {
  const to = Math.min(end, at + mimeBytes);
  if (to - at < 2) return undefined;
  const magic = magicOf(byFirst[b[at]], b, at, to) ?? magicOf(byFirst[256], b, at, to);
  if (magic !== undefined) return magic;
  if (b[at] === 0x30) {
    for (let i = at + 11; i < at + 20; i++) {
      if (hasAscii(b, i, to, ocspRequest)) return 'application/ocsp-request';
      if (hasAscii(b, i, to, ocspResponse)) return 'application/ocsp-response';
    }
  }
  return textOf(b, at, to);
}

function magicOf(candidates: readonly Magic[], b: Uint8Array, at: number, end: number): string | undefined {
  for (let i = 0; i < candidates.length; i++) {
    const [type, offset, bytes] = candidates[i];
    if (hasAscii(b, at + offset, end, bytes)) return type;
  }
  return undefined;
}

const isSpace = (c: number): boolean => c === 0x20 || (c >= 0x09 && c <= 0x0d);

function textOf(b: Uint8Array, at: number, end: number): string | undefined {
  const start = hasAscii(b, at, end, '\xef\xbb\xbf') ? at + 3 : at;
  let i = afterComments(b, start, end);
  if (i >= end) return plainOf(b, start, end);
  const c = b[i];
  if (c === 0x7b || c === 0x5b) return jsonOf(b, i, end) ? 'text/json' : plainOf(b, start, end);
  if (c === 0x23 && b[i + 1] === 0x21) return scriptOf(b, i, end);
  if (c !== 0x3c) return isScript(b, i, end) ? 'application/javascript' : plainOf(b, start, end);
  const isXml = hasAsciiAnyCase(b, i, end, '<?xml');
  if (isXml) {
    while (i < end && b[i] !== 0x3e) i++;
    i = afterComments(b, i + 1, end);
  }
  for (let k = 0; k < elements.length && b[i] === 0x3c; k++) {
    if (hasAsciiAnyCase(b, i + 1, end, elements[k][0])) return elements[k][1];
  }
  return isXml ? 'application/xml' : plainOf(b, start, end);
}

/** Position after white space and `<!-- … -->`. */
function afterComments(b: Uint8Array, at: number, end: number): number {
  let i = at;
  for (;;) {
    while (i < end && isSpace(b[i])) i++;
    if (!hasAscii(b, i, end, '<!--')) return i;
    i += 4;
    while (i < end && !(b[i] === 0x2d && hasAscii(b, i, end, '-->'))) i++;
    i = Math.min(end, i + 3);
  }
}

/** `{"name":` or `[` with a value; an empty one. */
function jsonOf(b: Uint8Array, at: number, end: number): boolean {
  let i = at + 1;
  while (i < end && isSpace(b[i])) i++;
  const c = b[i];
  const closing = b[at] + 2;
  if (c === closing) return true;
  if (b[at] === 0x5b) return c === 0x7b || c === 0x5b || c === 0x22 || (c >= 0x30 && c <= 0x39);
  if (c !== 0x22 && !(c >= 0x41 && c <= 0x7a)) return false;
  while (i < end && b[i] !== 0x3a && b[i] !== 0x0a) i++;
  return i < end && b[i] === 0x3a;
}

/** Ways in which scripts of pages often begin. */
const scriptStarts: readonly string[] = ['document.write', 'for (;;);', '(function(){', '(function() {'];

function isScript(b: Uint8Array, at: number, end: number): boolean {
  for (let i = 0; i < scriptStarts.length; i++) if (hasAscii(b, at, end, scriptStarts[i])) return true;
  return false;
}

/** `#!` and an interpreter. */
function scriptOf(b: Uint8Array, at: number, end: number): string {
  const limit = Math.min(end, at + 40);
  for (let i = at + 2; i < limit && b[i] !== 0x0a; i++) {
    if (b[i] !== 0x2f && b[i] !== 0x20) continue;
    if (hasAscii(b, i + 1, limit, 'python')) return 'text/x-python';
    if (hasAscii(b, i + 1, limit, 'perl')) return 'text/x-perl';
    if (hasAscii(b, i + 1, limit, 'ruby')) return 'text/x-ruby';
    if (hasAscii(b, i + 1, limit, 'php')) return 'text/x-php';
    if (hasAscii(b, i + 1, limit, 'node')) return 'application/javascript';
    if (hasAscii(b, i + 1, limit, 'sh') || hasAscii(b, i + 2, limit, 'sh')) return 'text/x-shellscript';
  }
  return 'text/plain';
}

/** Ten printable characters are enough of a text. */
function plainOf(b: Uint8Array, at: number, end: number): string | undefined {
  if (end - at < 10) return undefined;
  for (let i = at; i < at + 10; i++) if (!isSpace(b[i]) && (b[i] < 0x20 || b[i] > 0x7e)) return undefined;
  return 'text/plain';
}
