// Versions, ciphers and keys of TLS that are broken or given up, judged by what was known at the time of the packet: SSL 2
// (RFC 6176), SSL 3 (RFC 7568), TLS 1.0 and 1.1 (RFC 8996), RC4 (RFC 7465), 64-bit blocks (SWEET32), export and anonymous
// suites, short keys (NIST SP 800-131A), MD5 and SHA-1 signatures.

import type { AnyEvent } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { numberOf, textOf, watchTls } from './finding.ts';

interface Rule {
  readonly says: (event: AnyEvent, bits: number) => string;
  /** From when on it is more than a remark: until then everybody did it. */
  readonly fromSec: number;
  /** How much it counts when it is: 1 is a weakness that takes others, 2 gives everything away by itself. */
  readonly weight: number;
}

const from = (year: number, month: number): number => Date.UTC(year, month - 1, 1) / 1000;
const versionRule = (words: readonly string[], fromSec: number, weight = 1): Rule => ({
  says: (event) => (words.includes(textOf(event.version)) ? textOf(event.version) : ''),
  fromSec,
  weight,
});
const cipherRule = (part: RegExp, words: string, fromSec: number, weight = 1): Rule => ({
  says: (event) => (part.test(textOf(event.cipher)) ? words : ''),
  fromSec,
  weight,
});

const rules: readonly Rule[] = [
  versionRule(['SSLv2'], from(2011, 3), 2),
  versionRule(['SSLv3'], from(2015, 6), 2),
  versionRule(['TLSv1', 'TLS 1.1', 'DTLS 1.0'], from(2021, 3)),
  // The number that OpenSSL gave DTLS before there was a standard.
  { says: (event) => (event.zeekVersion === 'unknown-256' ? 'DTLS before 1.0' : ''), fromSec: 0, weight: 0 },
  cipherRule(/EXPORT|_DES40_|_RC2_|RC4_128_EXPORT/, 'an export cipher', 0, 2),
  cipherRule(/_NULL/, 'no encryption', 0, 2),
  cipherRule(/_anon_/i, 'no proof of who the server is', 0, 2),
  cipherRule(/RC4/, 'RC4', from(2015, 2)),
  cipherRule(/_DES_CBC|_DES_64/, 'DES', 0, 2),
  cipherRule(/3DES|_IDEA_/, 'a cipher with 64-bit blocks', from(2019, 1)),
  {
    says: (event) => (/^TLS_RSA_/.test(textOf(event.cipher)) ? 'no forward secrecy' : ''),
    fromSec: 0,
    weight: 0,
  },
  {
    says: (event, bits) =>
      textOf(event.keyType) === 'rsa' && numberOf(event.keyBits) > 0 && numberOf(event.keyBits) < bits
        ? `an RSA key of ${numberOf(event.keyBits)} bits`
        : '',
    fromSec: from(2014, 1),
    weight: 1,
  },
  {
    says: (event) => (/^(md2|md4|md5)/i.test(textOf(event.signatureAlgorithm)) ? 'an MD5 signature' : ''),
    fromSec: 0,
    weight: 1,
  },
  {
    // Nobody checks what a self-signed certificate is signed with.
    says: (event) =>
      /sha-?1/i.test(textOf(event.signatureAlgorithm)) && event.isSelfSigned !== true ? 'a SHA-1 signature' : '',
    fromSec: from(2017, 1),
    weight: 1,
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
  options: {
    rsaBits: count(2048, 'Bits that an RSA key has to have'),
    weight: count(
      2,
      'Weaknesses given up by the time of the packet from which it is low; a cipher without secret is 2',
    ),
  },
  open: (around) =>
    watchTls(
      around,
      (event, at, options, isLocal) => {
        // A hello alone says what is offered, not what is used.
        const isAnswered = event.cipher !== undefined;
        let weight = 0;
        const found: string[] = [];
        for (const rule of rules) {
          const words = rule.says(event, options.rsaBits);
          if (words === '') continue;
          found.push(words);
          if (at.timeUs / 1e6 >= rule.fromSec) weight += rule.weight;
        }
        if (found.length === 0) return null;
        return {
          text: isAnswered
            ? `speaks TLS with ${found.join(', ')} (${textOf(event.cipher)})`
            : `was offered nothing newer than ${found.join(', ')}`,
          severity: isAnswered && !isLocal && weight >= options.weight ? 'low' : 'info',
          observed: found.length,
          threshold: 1,
          unit: 'weaknesses',
          filter: `tls.handshake.type == ${isAnswered ? 2 : 1}`,
        };
      },
      ['tls', 'dtls'],
    ),
});
