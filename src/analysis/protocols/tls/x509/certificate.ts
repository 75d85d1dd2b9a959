// X.509 certificates (RFC 5280 §4.1): what is worth telling of one.

import { formatAddress, hexText, u32, wireText } from '../../../../core/index.ts';
import { type Der, expectDer, oidText, readDer, tag, timeSec } from './der.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import { algorithms, curves } from './oids.ts';

/** Names of subjectAltName, and characters of one, that are kept. */
const alternativeLimit = 256;
const alternativeTextLimit = 512;
const extensionLimit = 64;
const serialLimit = 64;

export interface Certificate {
  /** 1 to 3. */
  readonly version: number;
  /** `00:97:E6`: the bytes as they came. */
  readonly serialBytes: string;
  /** `97E6`: the number. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Seconds since the epoch; null when it cannot be read. */
  readonly notBeforeSec: number | null;
  readonly notAfterSec: number | null;
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  /** `rsa`, `dsa`, `ecdsa`, or the algorithm's name. */
  readonly keyType: string;
  readonly keyBits: number;
  /** Decimal; empty unless RSA. */
  readonly exponent: string;
  readonly curve: string;
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly emails: readonly string[];
  readonly ips: readonly string[];
  /** All of them, in order. */
  readonly alternativeNames: readonly string[];
  /** Of basicConstraints; null without it. */
  readonly isCa: boolean | null;
  readonly pathLength: number | null;
  /** Subject and issuer are the same. */
  readonly isSelfSigned: boolean;
}

type Draft = { -readonly [K in keyof Certificate]: Certificate[K] };

interface Alternatives {
  readonly all: string[];
  readonly dns: string[];
  readonly uri: string[];
  readonly email: string[];
  readonly ip: string[];
}

/**
 * ```text
 * SEQUENCE {
 *   SEQUENCE { [0] version, INTEGER serial, SEQUENCE signature, Name issuer, SEQUENCE validity, Name subject,
 *              SEQUENCE key, [1], [2], [3] extensions }
 *   SEQUENCE signature algorithm
 *   BIT STRING signature
 * }
 * ```
 *
 * @returns null when it breaks off before the key
 */
export function readCertificate(b: Uint8Array, at: number, end: number): Certificate | null {
  const whole = expectDer(b, at, end, tag.sequence);
  const signed = whole === null ? null : expectDer(b, whole.at, whole.end, tag.sequence);
  if (signed === null) return null;
  const explicit = expectDer(b, signed.at, signed.end, 0xa0);
  const version = explicit === null ? 1 : b[explicit.end - 1] + 1;
  const serial = expectDer(b, explicit?.end ?? signed.at, signed.end, tag.integer);
  const signature = serial && expectDer(b, serial.end, signed.end, tag.sequence);
  const issuer = signature && expectDer(b, signature.end, signed.end, tag.sequence);
  const validity = issuer && expectDer(b, issuer.end, signed.end, tag.sequence);
  const subject = validity && expectDer(b, validity.end, signed.end, tag.sequence);
  const key = subject && expectDer(b, subject.end, signed.end, tag.sequence);
  if (!serial || !signature || !issuer || !validity || !subject || !key) return null;
  const notBefore = readDer(b, validity.at, validity.end);
  const notAfter = notBefore && readDer(b, notBefore.end, validity.end);
  const alternatives: Alternatives = { all: [], dns: [], uri: [], email: [], ip: [] };
  const certificate: Draft = {
    version,
    serialBytes: hexText(b, serial.at, Math.min(serial.end, serial.at + serialLimit), ':').toUpperCase(),
    serialNumber: serialNumber(b, serial.at, Math.min(serial.end, serial.at + serialLimit)),
    subject: readName(b, subject.at, subject.end),
    issuer: readName(b, issuer.at, issuer.end),
    notBeforeSec: notBefore && timeSec(b, notBefore),
    notAfterSec: notAfter && timeSec(b, notAfter),
    keyAlgorithm: '',
    signatureAlgorithm: algorithmOf(b, signature.at, signature.end),
    keyType: '',
    keyBits: 0,
    exponent: '',
    curve: '',
    dnsNames: alternatives.dns,
    uris: alternatives.uri,
    emails: alternatives.email,
    ips: alternatives.ip,
    alternativeNames: alternatives.all,
    isCa: null,
    pathLength: null,
    isSelfSigned: isSame(b, subject, issuer),
  };
  readKey(certificate, b, key);
  readExtensions(certificate, alternatives, b, key.end, signed.end);
  return certificate;
}

/** Hexadecimal digits of a number without its leading zeros; negative ones with a sign. */
function serialNumber(b: Uint8Array, at: number, end: number): string {
  if (b[at] & 0x80) {
    let value = -1n;
    for (let o = at; o < end; o++) value = (value << 8n) | BigInt(b[o]);
    const digits = (-value).toString(16).toUpperCase();
    return `-${digits.length % 2 === 1 ? '0' : ''}${digits}`;
  }
  let o = at;
  while (o < end - 1 && b[o] === 0) o++;
  return hexText(b, o, end).toUpperCase();
}

function isSame(b: Uint8Array, one: Der, other: Der): boolean {
  if (one.end - one.at !== other.end - other.at) return false;
  for (let i = one.at, j = other.at; i < one.end; i++, j++) if (b[i] !== b[j]) return false;
  return true;
}

/** Of an AlgorithmIdentifier's contents: its number when it has no name here. */
function algorithmOf(b: Uint8Array, at: number, end: number): string {
  const oid = expectDer(b, at, end, tag.oid);
  if (oid === null) return '';
  const text = oidText(b, oid.at, oid.end);
  return algorithms.get(text) ?? text;
}

/** SubjectPublicKeyInfo: SEQUENCE { OID algorithm, parameters }, BIT STRING key. */
function readKey(certificate: Draft, b: Uint8Array, key: Der): void {
  const algorithm = expectDer(b, key.at, key.end, tag.sequence);
  const bits = algorithm && expectDer(b, algorithm.end, key.end, tag.bitString);
  if (!algorithm || !bits) return;
  const name = algorithmOf(b, algorithm.at, algorithm.end);
  certificate.keyAlgorithm = name;
  certificate.keyType = name;
  certificate.keyBits = name === 'ED25519' ? 253 : (bits.end - bits.at - 1) * 8;
  if (name === 'rsaEncryption' || name === 'rsassaPss') readRsaKey(certificate, b, bits);
  else if (name === 'dsaEncryption') readDsaKey(certificate, b, algorithm);
  else if (name === 'id-ecPublicKey') readEcKey(certificate, b, algorithm);
}

/** SEQUENCE { INTEGER modulus, INTEGER exponent } (RFC 8017 §A.1.1). */
function readRsaKey(certificate: Draft, b: Uint8Array, bits: Der): void {
  certificate.keyType = 'rsa';
  const sequence = expectDer(b, bits.at + 1, bits.end, tag.sequence);
  const modulus = sequence && expectDer(b, sequence.at, sequence.end, tag.integer);
  const exponent = modulus && expectDer(b, modulus.end, sequence.end, tag.integer);
  if (!modulus || !exponent) return;
  certificate.keyBits = bitLength(b, modulus);
  if (exponent.end - exponent.at <= 4) {
    let value = 0;
    for (let o = exponent.at; o < exponent.end; o++) value = value * 256 + b[o];
    certificate.exponent = String(value);
  } else if (exponent.end - exponent.at <= 512) {
    certificate.exponent = BigInt(`0x${hexText(b, exponent.at, exponent.end)}`).toString();
  }
}

/** Parameters: SEQUENCE { INTEGER p, INTEGER q, INTEGER g } (RFC 3279 §2.3.2). */
function readDsaKey(certificate: Draft, b: Uint8Array, algorithm: Der): void {
  certificate.keyType = 'dsa';
  const oid = readDer(b, algorithm.at, algorithm.end);
  const parameters = oid && expectDer(b, oid.end, algorithm.end, tag.sequence);
  const prime = parameters && expectDer(b, parameters.at, parameters.end, tag.integer);
  if (prime) certificate.keyBits = bitLength(b, prime);
}

function readEcKey(certificate: Draft, b: Uint8Array, algorithm: Der): void {
  certificate.keyType = 'ecdsa';
  const oid = readDer(b, algorithm.at, algorithm.end);
  const named = oid && expectDer(b, oid.end, algorithm.end, tag.oid);
  if (!named) return;
  const text = oidText(b, named.at, named.end);
  const known = curves.get(text);
  certificate.curve = known?.[0] ?? text;
  // An uncompressed point is a byte and two coordinates.
  certificate.keyBits = known?.[1] ?? Math.max(0, certificate.keyBits - 8) / 2;
}

function bitLength(b: Uint8Array, der: Der): number {
  let o = der.at;
  while (o < der.end && b[o] === 0) o++;
  return o === der.end ? 0 : (der.end - o) * 8 - Math.clz32(b[o]) + 24;
}

/** [3] { SEQUENCE of SEQUENCE { OID, BOOLEAN critical, OCTET STRING value } } */
function readExtensions(certificate: Draft, alternatives: Alternatives, b: Uint8Array, at: number, end: number): void {
  let o = at;
  while (o < end && b[o] !== 0xa3) {
    // Unique identifiers of version 2 may stand before.
    const skipped = readDer(b, o, end);
    if (skipped === null) return;
    o = skipped.end;
  }
  const outer = expectDer(b, o, end, 0xa3);
  const list = outer && expectDer(b, outer.at, outer.end, tag.sequence);
  if (!list) return;
  let count = 0;
  for (let e = list.at; e < list.end && count < extensionLimit; count++) {
    const one = readDer(b, e, list.end);
    if (one === null) return;
    e = one.end;
    // Only those of 2.5.29 matter here: three bytes, of which the last tells.
    const oid = expectDer(b, one.at, one.end, tag.oid);
    if (oid === null || oid.end - oid.at !== 3 || b[oid.at] !== 0x55 || b[oid.at + 1] !== 0x1d) continue;
    const critical = expectDer(b, oid.end, one.end, tag.boolean);
    const value = expectDer(b, critical?.end ?? oid.end, one.end, tag.octetString);
    if (value === null) continue;
    if (b[oid.at + 2] === 17) readAlternatives(alternatives, b, value);
    else if (b[oid.at + 2] === 19) readBasicConstraints(certificate, b, value);
  }
}

/** GeneralNames (RFC 5280 §4.2.1.6): [1] mail, [2] DNS, [6] URI, [7] address. */
function readAlternatives(into: Alternatives, b: Uint8Array, value: Der): void {
  const list = expectDer(b, value.at, value.end, tag.sequence);
  if (list === null) return;
  for (let o = list.at; o < list.end && into.all.length < alternativeLimit; ) {
    const one = readDer(b, o, list.end);
    if (one === null) return;
    o = one.end;
    const length = one.end - one.at;
    let text: string;
    if (one.tag === 0x87) {
      if (length === 4) text = formatAddress(4, u32(b, one.at), 0, 0, 0);
      else if (length === 16)
        text = formatAddress(6, u32(b, one.at), u32(b, one.at + 4), u32(b, one.at + 8), u32(b, one.at + 12));
      else continue;
    } else text = wireText(b, one.at, Math.min(one.end, one.at + alternativeTextLimit));
    if (one.tag === 0x82) into.dns.push(text);
    else if (one.tag === 0x81) into.email.push(text);
    else if (one.tag === 0x86) into.uri.push(text);
    else if (one.tag === 0x87) into.ip.push(text);
    else continue;
    into.all.push(text);
  }
}

/** SEQUENCE { BOOLEAN cA, INTEGER pathLenConstraint } (RFC 5280 §4.2.1.9). */
function readBasicConstraints(certificate: Draft, b: Uint8Array, value: Der): void {
  const sequence = expectDer(b, value.at, value.end, tag.sequence);
  if (sequence === null) return;
  const ca = expectDer(b, sequence.at, sequence.end, tag.boolean);
  certificate.isCa = ca !== null && ca.end > ca.at && b[ca.at] !== 0;
  const length = expectDer(b, ca?.end ?? sequence.at, sequence.end, tag.integer);
  if (length !== null && length.end - length.at === 1) certificate.pathLength = b[length.at];
}
