// Proves what is read of certificates, names and dates, whom they are good for, and that damaged ones do no harm.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../../app/machine/node-crypto.ts';
import { bytesOf } from '../../golden/converse.ts';
import { bytes, certificates, ecCertificate, rsaCertificate } from '../golden/messages.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { identify, readChain } from './chain.ts';
import { oidText, readDer, timeSec } from './der.ts';
import { readName } from './distinguished-name.ts';
import { isForHost } from './host-match.ts';

const read = (b: Uint8Array): Certificate => {
  const certificate = readCertificate(b, 0, b.length);
  if (certificate === null) throw new Error('no certificate');
  return certificate;
};

describe('certificates', () => {
  it('are read in every part', () => {
    expect(read(ecCertificate)).toEqual({
      version: 3,
      serialBytes: '00:97:E6',
      serialNumber: '97E6',
      subject: {
        reversed: 'emailAddress=a@example.test,CN=*.example.test,O=Taplight\\, Ltd.,C=DE',
        inOrder: 'C=DE, O=Taplight, Ltd., CN=*.example.test, Email=a@example.test',
        commonName: '*.example.test',
      },
      issuer: read(ecCertificate).subject,
      notBeforeSec: Date.UTC(2026, 10, 22, 11, 36, 37) / 1000,
      notAfterSec: Date.UTC(2036, 10, 19, 11, 36, 37) / 1000,
      keyAlgorithm: 'id-ecPublicKey',
      signatureAlgorithm: 'ecdsa-with-SHA256',
      keyType: 'ecdsa',
      keyBits: 256,
      exponent: '',
      curve: 'prime256v1',
      dnsNames: ['*.example.test', 'example.test'],
      uris: ['https://example.test/'],
      emails: ['a@example.test'],
      ips: ['192.0.2.1', '2001:db8::1'],
      alternativeNames: [
        '*.example.test',
        'example.test',
        '192.0.2.1',
        '2001:db8::1',
        'a@example.test',
        'https://example.test/',
      ],
      isCa: true,
      pathLength: 2,
      isSelfSigned: true,
    });
    expect(read(rsaCertificate)).toMatchObject({ keyType: 'rsa', keyBits: 512, exponent: '65537' });
  });

  it('are digested once, and told apart by every byte', () => {
    const one = identify(ecCertificate, 0, ecCertificate.length, nodeCrypto);
    expect(one.sha256).toBe('3a934f274b92df94f124cd321cbc13dbc4902f0206fb8e910a47a0bff2c957af');
    expect(identify(ecCertificate.slice(), 0, ecCertificate.length, nodeCrypto)).toBe(one);
    const other = ecCertificate.slice();
    other[100] ^= 1;
    expect(identify(other, 0, other.length, nodeCrypto).sha256).not.toBe(one.sha256);
  });

  it('come in chains of a bounded length', () => {
    const chain = bytes(certificates(ecCertificate, rsaCertificate));
    expect(readChain(chain, 0, chain.length, false, nodeCrypto)).toHaveLength(2);
    expect(readChain(chain, 0, chain.length - 1, false, nodeCrypto)).toHaveLength(1);
    const long = bytes(certificates(...new Array<Uint8Array>(40).fill(rsaCertificate)));
    expect(readChain(long, 0, long.length, false, nodeCrypto)).toHaveLength(16);
  });

  it('do no harm when cut or changed', () => {
    for (let end = 0; end < ecCertificate.length; end++) readCertificate(ecCertificate.slice(0, end), 0, end);
    fc.assert(
      fc.property(fc.nat(ecCertificate.length - 1), fc.nat(255), (at, value) => {
        const changed = ecCertificate.slice();
        changed[at] = value;
        readCertificate(changed, 0, changed.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('their parts', () => {
  it('names are escaped, of several values, and of other alphabets', () => {
    const name = (hex: string) => {
      const b = bytesOf(hex);
      return readName(b, 0, b.length);
    };
    // Two values in one set; a BMPString; a type that nobody knows.
    expect(name('3119 300a 0603550403 0c03 61222b 300b 060355040b 0c04 20232020').reversed).toBe(
      'CN=a\\"\\++OU=\\ # \\ ',
    );
    expect(name('310d 300b 0603550403 1e04 00e4 0416').inOrder).toBe('CN=äЖ');
    expect(name('310b 3009 06032a0304 0c02 6869').inOrder).toBe('1.2.3.4=hi');
    expect(name('310c 300a 0603550403 0c03 0a1b07').inOrder).toBe('CN=\\x0a\\x1b\\x07');
    expect(name('310a 3008 0603550403 0201 05').reversed).toBe('CN=#020105');
  });

  it('dates have two or four digits for the year, and may have an offset', () => {
    const time = (tag: string, text: string) => {
      const b = bytesOf(tag, [text.length].map((n) => n.toString(16).padStart(2, '0')).join(''), `'${text}`);
      const der = readDer(b, 0, b.length);
      return der && timeSec(b, der);
    };
    expect(time('17', '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59) / 1000);
    expect(time('17', '5001010000Z')).toBe(Date.UTC(1950, 0, 1) / 1000);
    expect(time('18', '20500101000000Z')).toBe(Date.UTC(2050, 0, 1) / 1000);
    expect(time('17', '200101000000+0130')).toBe(Date.UTC(2019, 11, 31, 22, 30) / 1000);
    expect(time('17', 'abcdefghijklZ')).toBeNull();
  });

  it('lengths and numbers that are wrong give nothing', () => {
    for (const hex of ['30', '3080', '30840000000100', '3005 00', '1f81 00']) {
      const b = bytesOf(hex);
      expect(readDer(b, 0, b.length), hex).toBeNull();
    }
    const arcs = bytesOf('2a864886f70d010101');
    expect(oidText(arcs, 0, arcs.length)).toBe('1.2.840.113549.1.1.1');
  });

  it('say for which hosts they are', () => {
    const certificate = read(ecCertificate);
    for (const host of ['www.example.test', 'EXAMPLE.test', '192.0.2.1', 'example.test.']) {
      expect(isForHost(certificate, host), host).toBe(true);
    }
    for (const host of ['a.b.example.test', 'example.org', '192.0.2.2', '.example.test', '']) {
      expect(isForHost(certificate, host), host).toBe(false);
    }
    expect(isForHost(read(rsaCertificate), 'rsa.example.test')).toBe(true);
    const wide = { ...certificate, dnsNames: ['*.test'] };
    expect(isForHost(wide, 'example.test')).toBe(false);
  });
});
