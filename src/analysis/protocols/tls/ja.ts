// Fingerprints of TLS hellos: JA3 and JA3S (github.com/salesforce/ja3), JA4 of clients (github.com/FoxIO-LLC/ja4, BSD 3-clause).

import type { Crypto } from '../../../core/index.ts';
import { type ClientHello, extension, isGrease } from './client-hello.ts';
import type { ServerHello } from './server-hello.ts';

/** What JA4 begins with: TCP, QUIC, DTLS. */
export type Transport = 't' | 'q' | 'd';

export interface Fingerprint {
  /** MD5 of the text, lower-case hexadecimal. */
  readonly hash: string;
  readonly text: string;
}

/** Digests by text: the same few clients say nearly all hellos. Emptied when full. */
const digests = { md5: new Map<string, string>(), sha256: new Map<string, string>() };
const digestLimit = 2048;
/** Longer texts are not kept. */
const keptTextLimit = 2048;

/** Both fingerprints of a client. */
export interface ClientFingerprints {
  readonly ja3: Fingerprint;
  readonly ja4: string;
}

const clients = new Map<string, ClientFingerprints>();
const clientLimit = 1024;

/** Like {@link ja3Of} and {@link ja4Of}; those of clients seen lately are remembered. */
export function fingerprintsOf(hello: ClientHello, transport: Transport, crypto: Crypto): ClientFingerprints {
  // All numbers are of 16 bits: as characters they are an exact key, made without a digit.
  const numbers = [hello.version, hello.alpnEnds & 0xffff, hello.alpnEnds < 0 ? 1 : 0];
  for (const list of [
    hello.cipherSuites,
    hello.extensions,
    hello.supportedGroups,
    hello.ecPointFormats,
    hello.signatureAlgorithms,
    hello.supportedVersions,
  ]) {
    numbers.push(list.length);
    for (const value of list) numbers.push(value);
  }
  const key = transport + String.fromCharCode.apply(null, numbers);
  const known = clients.get(key);
  if (known !== undefined) return known;
  const made = { ja3: ja3Of(hello, crypto), ja4: ja4Of(hello, transport, crypto) };
  if (clients.size >= clientLimit) clients.clear();
  clients.set(key, made);
  return made;
}

/** Version, suites, extensions, groups and point formats in decimal; GREASE left out. */
export function ja3Of(hello: ClientHello, crypto: Crypto): Fingerprint {
  const text = `${hello.version},${decimals(hello.cipherSuites)},${decimals(hello.extensions)},${decimals(
    hello.supportedGroups,
  )},${hello.ecPointFormats.join('-')}`;
  return { hash: digestOf('md5', text, crypto), text };
}

/** Version, suite and extensions in decimal; GREASE stays. */
export function ja3sOf(hello: ServerHello, crypto: Crypto): Fingerprint {
  const text = `${hello.wireVersion},${hello.cipherSuite},${hello.extensions.join('-')}`;
  return { hash: digestOf('md5', text, crypto), text };
}

/** `t13d1516h2_8daaf6152771_e5627efa2ab1`. */
export function ja4Of(hello: ClientHello, transport: Transport, crypto: Crypto): string {
  const suites = hexes(hello.cipherSuites);
  const extensions = hexes(hello.extensions);
  const signed = hexes(hello.signatureAlgorithms).join(',');
  const hasName = hello.extensions.includes(extension.serverName);
  const head = `${transport}${versionMark(hello)}${hasName ? 'd' : 'i'}${twoDigits(suites.length)}${twoDigits(
    extensions.length,
  )}${alpnMark(hello.alpnEnds)}`;
  const told = extensions.filter((type) => type !== '0000' && type !== '0010').sort();
  const last = signed === '' ? told.join(',') : `${told.join(',')}_${signed}`;
  return `${head}_${mark12(suites.sort().join(','), crypto)}_${told.length === 0 ? noMark : mark12(last, crypto)}`;
}

const noMark = '000000000000';

const mark12 = (text: string, crypto: Crypto): string =>
  text === '' ? noMark : digestOf('sha256', text, crypto).slice(0, 12);

const versionMarks: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0200, 's2'],
  [0x0002, 's2'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
]);

/** The highest version offered; those of DTLS count downwards. */
export function highestVersion(hello: ClientHello): number {
  let version = 0;
  for (const offered of hello.supportedVersions) {
    if (isGrease(offered) || (!versionMarks.has(offered) && offered >> 8 !== 0x7f)) continue;
    if (version === 0 || (offered >= 0xfe00 ? offered < version : offered > version)) version = offered;
  }
  return version === 0 ? hello.version : version;
}

/** The highest number offered, GREASE apart; what the specification does not list, as drafts of TLS 1.3, is unknown. */
function versionMark(hello: ClientHello): string {
  let version = -1;
  for (const offered of hello.supportedVersions) if (!isGrease(offered) && offered > version) version = offered;
  return versionMarks.get(version < 0 ? hello.version : version) ?? '00';
}

/** First and last character of the first protocol; of their hexadecimal digits when they are no letters or digits. */
function alpnMark(ends: number): string {
  if (ends < 0) return '00';
  const first = ends >> 8;
  const last = ends & 255;
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return (first >> 4).toString(16) + (last & 15).toString(16);
}

const isAlphanumeric = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);

const twoDigits = (count: number): string => String(Math.min(99, count)).padStart(2, '0');

function decimals(values: readonly number[]): string {
  let out = '';
  for (const value of values) {
    if (isGrease(value)) continue;
    out += out === '' ? value : `-${value}`;
  }
  return out;
}

function hexes(values: readonly number[]): string[] {
  const out: string[] = [];
  for (const value of values) if (!isGrease(value)) out.push(value.toString(16).padStart(4, '0'));
  return out;
}

function digestOf(name: 'md5' | 'sha256', text: string, crypto: Crypto): string {
  const kept = digests[name];
  const known = kept.get(text);
  if (known !== undefined) return known;
  const hash = crypto.digestHex(name, text);
  if (text.length > keptTextLimit) return hash;
  if (kept.size >= digestLimit) kept.clear();
  kept.set(text, hash);
  return hash;
}
