// Proves the fingerprints: JA3 and JA3S texts, JA4 with what its specification says of GREASE, ALPN and missing parts.

import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../app/machine/node-crypto.ts';
import { type ClientHello, readClientHello } from './client-hello.ts';
import {
  alpn,
  bytes,
  clientHello,
  type ExtensionBytes,
  empty,
  groups,
  pointFormats,
  serverHello,
  signatures,
  sni,
  versions,
} from './golden/messages.ts';
import { ja3Of, ja3sOf, ja4Of } from './ja.ts';
import { readServerHello } from './server-hello.ts';

const helloWith = (extensions: ExtensionBytes[], suites = [0x1a1a, 0x1302, 0x1301]): ClientHello => {
  const body = bytes(clientHello({ suites, extensions }));
  const hello = readClientHello(body, 0, body.length);
  if (hello === null) throw new Error('no hello');
  return hello;
};
const ja4 = (extensions: ExtensionBytes[], transport: 't' | 'q' | 'd' = 't'): string =>
  ja4Of(helloWith(extensions), transport, nodeCrypto);

describe('JA3', () => {
  it('leaves GREASE out, and keeps empty parts', () => {
    const hello = helloWith([empty(0x2a2a), sni('a.test'), groups(0x3a3a, 29), pointFormats(0, 1)]);
    expect(ja3Of(hello, nodeCrypto)).toEqual({
      text: '771,4866-4865,0-10-11,29,0-1',
      hash: nodeCrypto.digestHex('md5', '771,4866-4865,0-10-11,29,0-1'),
    });
    expect(ja3Of(helloWith([]), nodeCrypto).text).toBe('771,4866-4865,,,');
  });

  it('of a server is version, suite and extensions', () => {
    const body = bytes(serverHello({ suites: [0x1301], extensions: [[43, [3, 4]], empty(65281)] }));
    const hello = readServerHello(body, 0, body.length);
    expect(hello?.version).toBe(0x0304);
    expect(hello && ja3sOf(hello, nodeCrypto).text).toBe('771,4865,43-65281');
  });
});

describe('JA4', () => {
  it('counts, sorts and digests', () => {
    const mark = (text: string): string => nodeCrypto.digestHex('sha256', text).slice(0, 12);
    const extensions = [versions(0x4a4a, 0x0304, 0x0303), sni('a.test'), alpn('h2'), signatures(0x0804, 0x0403)];
    expect(ja4(extensions)).toBe(`t13d0204h2_${mark('1301,1302')}_${mark('000d,002b_0804,0403')}`);
    expect(ja4([groups(29)])).toBe(`t12i020100_${mark('1301,1302')}_${mark('000a')}`);
    expect(ja4([])).toBe(`t12i020000_${mark('1301,1302')}_000000000000`);
    expect(ja4Of(helloWith([], [0x1a1a]), 't', nodeCrypto)).toBe('t12i000000_000000000000_000000000000');
  });

  it('names transport, version and protocol', () => {
    expect(ja4([versions(0x0304, 0x5a5a, 0x0303)], 'q').slice(0, 4)).toBe('q13i');
    expect(ja4([versions(0x7f1c, 0x0304)], 'q').slice(0, 4)).toBe('q00i');
    expect(ja4([versions(0xfefc)], 'd').slice(0, 4)).toBe('dd3i');
    expect(ja4([versions(0xfefd, 0xfefc)], 'd').slice(0, 4)).toBe('dd2i');
    expect(ja4([alpn('http/1.1')]).slice(8, 10)).toBe('h1');
    expect(ja4([alpn('x')]).slice(8, 10)).toBe('xx');
    expect(ja4([alpn('\xab\xcd')]).slice(8, 10)).toBe('ad');
    expect(ja4([alpn('')]).slice(8, 10)).toBe('00');
  });
});
