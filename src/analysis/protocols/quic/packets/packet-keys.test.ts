// Proves that packets are opened as the examples of RFC 9001 appendix A and RFC 9369 appendix A say, and no others.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../../app/machine/node-crypto.ts';
import { hexText } from '../../../../core/index.ts';
import { bytesOf } from '../../golden/converse.ts';
import { suiteOf } from '../../tls-keys/suites.ts';
import {
  initialKeys,
  nextSecret,
  OpenedPacket,
  openPacket,
  type PacketKeys,
  packetKeys,
  unmaskedHeader,
} from './packet-keys.ts';
import { versionOf } from './versions.ts';

const hex = (b: Uint8Array): string => hexText(b, 0, b.length);
const dcid = bytesOf('8394c8f03e515708');
const version = (number: number) => {
  const found = versionOf(number);
  if (found === null) throw new Error('unknown version');
  return found;
};
const keysOf = (number: number) => {
  const keys = initialKeys(nodeCrypto, version(number), dcid);
  if (keys === null) throw new Error('no keys');
  return keys;
};
const digits = ({ key, iv, headerKey }: PacketKeys): readonly string[] => [hex(key), hex(iv), hex(headerKey)];

describe('Initial keys', () => {
  it('of version 1 are those of RFC 9001 A.1', () => {
    const { client, server } = keysOf(1);
    expect(digits(client)).toEqual([
      '1f369613dd76d5467730efcbe3b1a22d',
      'fa044b2f42a3fd3b46fb255c',
      '9f50449e04a0e810283a1e9933adedd2',
    ]);
    expect(digits(server)).toEqual([
      'cf3a5331653c364c88f0f379b6067e37',
      '0ac1493ca1905853b0bba03e',
      'c206b8d9b9f0f37644430b490eeaa314',
    ]);
  });

  it('of version 2 are those of RFC 9369 A.1', () => {
    expect(digits(keysOf(0x6b3343cf).client)).toEqual([
      '8b1a0bc121284290a29e0971b5cd045d',
      '91f73e2351d8fa91660e909f',
      '45b95e15235d6f45a6b19cbcb0294ba9',
    ]);
  });

  it('are there for drafts, for Facebook and for Google, each its own', () => {
    const numbers = [1, 0x6b3343cf, 0xff00001d, 0xff000017, 0xfaceb001, 0x51303530, 0x54303530, 0x54303531];
    expect(new Set(numbers.map((number) => hex(keysOf(number).client.key))).size).toBe(numbers.length);
    expect(hex(keysOf(0xfaceb002).client.key)).toBe(hex(keysOf(0xff00001b).client.key));
    expect(versionOf(0x1a2a3a4a)).toBeNull();
    expect(initialKeys(nodeCrypto, version(0x51303436), dcid)).toBeNull();
  });
});

describe('the short packet of RFC 9001 A.5', () => {
  const suite = suiteOf(0x1303);
  const secret = bytesOf('9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b');
  const packet = bytesOf('4cfe4189655e5cd55c41f69080575d7999c25a5bfb');
  if (suite === null) throw new Error('no suite');
  const keys = packetKeys(nodeCrypto, version(1), suite, secret);

  it('is opened, its number made whole', () => {
    expect(hex(keys.headerKey)).toBe('25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4');
    expect(hex(nextSecret(nodeCrypto, version(1), suite, secret))).toBe(
      '1223504755036d556342ee9361d253421a826c9ecdf3c7148684b36b714881f9',
    );
    const header = unmaskedHeader(nodeCrypto, keys, packet, 0, 1, packet.length);
    expect(header === null ? '' : hex(header)).toBe('4200bff4');
    const out = new OpenedPacket();
    if (header === null) return;
    expect(openPacket(nodeCrypto, keys, header, packet, header.length, packet.length, 654_360_560, out)).toBe(true);
    expect([out.number, hex(out.frames)]).toEqual([654_360_564, '01']);
  });

  it('is refused when a bit of it is another, or it is cut', () => {
    const out = new OpenedPacket();
    const opens = (b: Uint8Array): boolean => {
      const header = unmaskedHeader(nodeCrypto, keys, b, 0, 1, b.length);
      return header !== null && openPacket(nodeCrypto, keys, header, b, header.length, b.length, 654_360_560, out);
    };
    fc.assert(
      fc.property(fc.nat(packet.length * 8 - 1), (bit) => {
        const other = packet.slice();
        other[bit >> 3] ^= 1 << (bit & 7);
        expect(opens(other)).toBe(false);
        expect(opens(packet.slice(0, bit >> 3))).toBe(false);
      }),
    );
  });
});
