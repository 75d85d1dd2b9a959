// Proves that hellos are read in every part, that cut ones give what is there or nothing, and that lists are bounded.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientHello } from './client-hello.ts';
import {
  alpn,
  bytes,
  clientHello,
  empty,
  groups,
  keyShare,
  pointFormats,
  serverHello,
  signatures,
  sni,
  ticket,
  versions,
} from './golden/messages.ts';
import { readServerHello } from './server-hello.ts';

const whole = bytes(
  clientHello({
    sessionId: [0xab, 0xcd],
    suites: [0x1301, 0xc02f],
    extensions: [
      sni('a.test'),
      groups(29, 23),
      pointFormats(0),
      signatures(0x0403),
      alpn('h2', 'h3'),
      ticket(3),
      versions(0x0304),
      keyShare(29),
      empty(0xfe0d),
      empty(42),
      empty(41),
    ],
  }),
);

describe('ClientHello', () => {
  it('is read in every part', () => {
    expect(readClientHello(whole, 0, whole.length)).toEqual({
      version: 0x0303,
      randomHex: 'c1'.repeat(32),
      randomAt: 2,
      sessionIdHex: 'abcd',
      sessionIdLength: 2,
      cipherSuites: [0x1301, 0xc02f],
      compressionMethods: [0],
      extensions: [0, 10, 11, 13, 16, 35, 43, 51, 0xfe0d, 42, 41],
      sni: 'a.test',
      alpn: ['h2', 'h3'],
      alpnEnds: 0x6832,
      supportedVersions: [0x0304],
      supportedGroups: [29, 23],
      ecPointFormats: [0],
      signatureAlgorithms: [0x0403],
      keyShareGroups: [29],
      hasEch: true,
      hasPsk: true,
      hasEarlyData: true,
      ticketLength: 3,
      isCut: false,
    });
  });

  it('is told as cut at every length, or not at all', () => {
    for (let end = 0; end < whole.length; end++) {
      const hello = readClientHello(whole, 0, end);
      // Extensions may be left out.
      if (end === 45) expect(hello?.isCut).toBe(false);
      else if (hello === null) expect(end).toBeLessThan(43);
      else expect(hello.isCut, String(end)).toBe(true);
    }
  });

  it('keeps a bounded number of everything, and only text that is safe to show', () => {
    const many = new Array<number>(3000).fill(0x1301);
    const big = bytes(clientHello({ suites: many, extensions: [sni('\x1b[2J\x00')] }));
    const hello = readClientHello(big, 0, big.length);
    expect(hello?.cipherSuites.length).toBe(1024);
    expect(hello?.sni).toBe('\\x1b[2J\\x00');
    const crowd = bytes(clientHello({ extensions: new Array(1000).fill(empty(7)) }));
    expect(readClientHello(crowd, 0, crowd.length)?.extensions.length).toBe(256);
  });

  it('and ServerHello never throw', () => {
    const server = bytes(serverHello({ extensions: [alpn('h2'), [43, [3, 4]], [13172, [2, 104, 50]]] }));
    expect(readServerHello(server, 0, server.length)).toMatchObject({ alpn: 'h2', version: 0x0304, npn: ['h2'] });
    for (let end = 0; end < server.length; end++) readServerHello(server, 0, end);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (b) => {
        readClientHello(b, 0, b.length);
        readClientHello(b, 0, b.length, true);
        readServerHello(b, 0, b.length);
      }),
      { numRuns: 500 },
    );
  });
});
