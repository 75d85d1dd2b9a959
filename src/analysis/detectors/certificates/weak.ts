// Versions, ciphers and keys of TLS that are broken or given up, judged by what was known at the time of the packet: SSL 2
// (RFC 6176), SSL 3 (RFC 7568), TLS 1.0 and 1.1 (RFC 8996), RC4 (RFC 7465), 64-bit blocks (SWEET32), export and anonymous
// suites, short keys (NIST SP 800-131A), MD5 and SHA-1 signatures.

import type { AnyEvent, Severity } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { numberOf, textOf, watchTls } from './finding.ts';

interface Rule {
  readonly says: (event: AnyEvent, bits: number) => string;
  /** From when on it is more than a remark: until then everybody did it. */
  readonly fromSec: number;
  /** Rank when it is. */
  readonly severity: Severity;
}

const from = (year: number, month: number): number => Date.UTC(year, month - 1, 1) / 1000;
const versionRule = (words: readonly string[], fromSec: number, severity: Severity = 'low'): Rule => ({
  says: (event) => (words.includes(textOf(event.version)) ? textOf(event.version) : ''),
  fromSec,
  severity,
});
const cipherRule = (part: RegExp, words: string, fromSec: number): Rule => ({
  says: (event) => (part.test(textOf(event.cipher)) ? words : ''),
  fromSec,
  severity: 'low',
});

const rules: readonly Rule[] = [
  versionRule(['SSLv2'], from(2011, 3)),
  versionRule(['SSLv3'], from(2015, 6)),
  versionRule(['TLSv1', 'TLS 1.1', 'DTLS 1.0'], from(2021, 3)),
  // The number that OpenSSL gave DTLS before there was a standard.
  { says: (event) => (event.zeekVersion === 'unknown-256' ? 'DTLS before 1.0' : ''), fromSec: 0, severity: 'info' },
  cipherRule(/EXPORT|_DES40_|_RC2_|RC4_128_EXPORT/, 'an export cipher', 0),
  cipherRule(/_NULL/, 'no encryption', 0),
  cipherRule(/_anon_/i, 'no proof of who the server is', 0),
  cipherRule(/RC4/, 'RC4', from(2015, 2)),
  cipherRule(/_DES_CBC|_DES_64/, 'DES', 0),
  cipherRule(/3DES|_IDEA_/, 'a cipher with 64-bit blocks', from(2019, 1)),
  {
    says: (event) => (/^TLS_RSA_/.test(textOf(event.cipher)) ? 'no forward secrecy' : ''),
    fromSec: 0,
    severity: 'info',
  },
  {
    says: (event, bits) =>
      textOf(event.keyType) === 'rsa' && numberOf(event.keyBits) > 0 && numberOf(event.keyBits) < bits
        ? `an RSA key of ${numberOf(event.keyBits)} bits`
        : '',
    fromSec: from(2014, 1),
    severity: 'low',
  },
  {
    says: (event) => (/^(md2|md4|md5)/i.test(textOf(event.signatureAlgorithm)) ? 'an MD5 signature' : ''),
    fromSec: 0,
    severity: 'low',
  },
  {
    // Nobody checks what a self-signed certificate is signed with.
    says: (event) =>
      /sha-?1/i.test(textOf(event.signatureAlgorithm)) && event.isSelfSigned !== true ? 'a SHA-1 signature' : '',
    fromSec: from(2017, 1),
    severity: 'low',
  },
];

export const weak = defineDetector({
  name: 'tls.weak',
  title: 'Weak TLS',
  version: 1,
  severity: 'low',
  mitre: 'T1557',
  meaning: 'Whoever sits between both can read or change what such a connection carries, with known attacks.',
  benign: 'Old appliances and clients speak nothing better; some servers keep it for them.',
  next: 'See whether client or server is the old one, and switch the old versions and ciphers off.',
  options: { rsaBits: count(2048, 'Bits that an RSA key has to have') },
  open: (around) =>
    watchTls(
      around,
      (event, at, options, isLocal) => {
        // A hello alone says what is offered, not what is used.
        const isAnswered = event.cipher !== undefined;
        let severity: Severity = 'info';
        const found: string[] = [];
        for (const rule of rules) {
          const words = rule.says(event, options.rsaBits);
          if (words === '') continue;
          found.push(words);
          const isOld = !isLocal && rule.severity !== 'info' && at.timeUs / 1e6 >= rule.fromSec;
          if (isOld && isAnswered) severity = rule.severity;
        }
        if (found.length === 0) return null;
        return {
          text: isAnswered
            ? `speaks TLS with ${found.join(', ')} (${textOf(event.cipher)})`
            : `was offered nothing newer than ${found.join(', ')}`,
          severity,
          observed: found.length,
          threshold: 1,
          unit: 'weaknesses',
          filter: `tls.handshake.type == ${isAnswered ? 2 : 1}`,
        };
      },
      ['tls', 'dtls'],
    ),
});
