// Proves that the CHLO of Google's versions is found behind each header and each frame before it, and that damage is harmless.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../golden/converse.ts';
import { findChlo, GoogleHeader, readChlo, readNibbleHeader, readPublicHeader } from './google-frames.ts';

const chlo = bytesOf(
  "'CHLO",
  '0300 0000',
  "'PAD\0",
  '05000000',
  "'SNI\0",
  '10000000',
  "'UAID",
  '15000000',
  "'-----host.test.q1.0.0",
);
const told = { tags: ['PAD', 'SNI', 'UAID'], sni: 'host.test.q', userAgent: '1.0.0' };
const hash = new Uint8Array(12);
const stream = bytesOf('a0 01', Uint8Array.of(0, chlo.length), chlo);
const id = '0102030405060708';
const header = new GoogleHeader();

describe('CHLO', () => {
  it('is read with its tags', () => {
    expect(readChlo(chlo, 0, chlo.length)).toEqual(told);
  });

  it('is found behind a public header, number of any length', () => {
    for (const [flags, number] of [
      ['09', '01'],
      ['1d', '0001'],
      ['29', '00000001'],
      ['39', '000000000001'],
    ]) {
      const packet = bytesOf(flags, id, "'Q043", number, hash, stream);
      expect(readPublicHeader(packet, 0, packet.length, header)).toBe(true);
      expect(header.version?.text).toBe('Q043');
      expect(findChlo(packet, header.framesAt, packet.length, header.version as never)?.sni).toBe(told.sni);
    }
  });

  it('is found behind the long header of Q046, acknowledgements and padding before it', () => {
    const packet = bytesOf(
      'c3',
      "'Q046",
      '50',
      id,
      '00000001',
      hash,
      '40 05 0000 05 00',
      '00 07',
      '06 00000001',
      stream,
    );
    expect(readNibbleHeader(packet, 0, packet.length, header)).toBe(true);
    expect(findChlo(packet, header.framesAt, packet.length, header.version as never)?.userAgent).toBe(told.userAgent);
  });

  it('is found in versions with numbers the other way round', () => {
    const little = bytesOf('a0 01', Uint8Array.of(chlo.length, 0), chlo);
    const packet = bytesOf('0d', id, "'Q025", '01', hash, '00', little);
    expect(readPublicHeader(packet, 0, packet.length, header)).toBe(true);
    expect(findChlo(packet, header.framesAt, packet.length, header.version as never)?.sni).toBe(told.sni);
  });

  it('cut anywhere or damaged does no harm', () => {
    const packet = bytesOf('c3', "'Q046", '50', id, '00000001', hash, stream);
    fc.assert(
      fc.property(fc.nat(packet.length), fc.nat(packet.length - 1), fc.nat(255), (end, at, value) => {
        const other = packet.slice(0, end);
        if (at < end) other[at] = value;
        if (readNibbleHeader(other, 0, end, header)) findChlo(other, header.framesAt, end, header.version as never);
        readPublicHeader(other, 0, end, header);
        readChlo(other, Math.min(at, end), end);
      }),
    );
  });
});
