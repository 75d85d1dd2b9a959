// Proves header compression by the RFC's own examples, and that damaged blocks are refused within bounds.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../golden/converse.ts';
import { HpackDecoder } from './hpack.ts';
import { huffmanDecode } from './huffman.ts';

const decode = (decoder: HpackDecoder, hex: string): string[] | null => {
  const block = bytesOf(hex);
  return decoder.decode(block, 0, block.length)?.map(({ name, value }) => `${name}: ${value}`) ?? null;
};

describe('the examples of RFC 7541, appendix C', () => {
  it('C.4: requests with Huffman code, one after the other', () => {
    const decoder = new HpackDecoder();
    expect(decode(decoder, '828684418cf1e3c2e5f23a6ba0ab90f4ff')).toEqual([
      ':method: GET',
      ':scheme: http',
      ':path: /',
      ':authority: www.example.com',
    ]);
    expect(decode(decoder, '828684be5886a8eb10649cbf')).toContain('cache-control: no-cache');
    expect(decode(decoder, '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf')).toEqual([
      ':method: GET',
      ':scheme: https',
      ':path: /index.html',
      ':authority: www.example.com',
      'custom-key: custom-value',
    ]);
  });

  it('C.5: responses in a table that holds 256 bytes', () => {
    const decoder = new HpackDecoder();
    decoder.allow(256);
    expect(
      decode(
        decoder,
        '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
      ),
    ).toEqual([
      ':status: 302',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    // The new status pushes the old one out.
    expect(decode(decoder, '4803333037c1c0bf')?.[0]).toBe(':status: 307');
    expect(decode(decoder, 'c1')).toEqual(['cache-control: private']);
    expect(decode(decoder, 'c2')).toEqual([': ']);
  });
});

it('has a code for every byte', () => {
  // The longest codes, and padding that is too long or not all ones.
  const out = new Uint8Array(8);
  expect(huffmanDecode(bytesOf('f1e3c2e5f23a6ba0ab90f4ff'), 0, 12, out)).toBe(15);
  expect(huffmanDecode(bytesOf('ffffffff'), 0, 4, out)).toBe(-1);
  expect(huffmanDecode(bytesOf('00 00'), 0, 2, out)).toBe(-1);
});

it('tells what it cannot know, and refuses what is damaged', () => {
  const decoder = new HpackDecoder();
  expect(decode(decoder, '82c0')).toEqual([':method: GET', ': ']);
  expect(decoder.isPartial).toBe(true);
  expect(decode(decoder, '80')).toBeNull();
  expect(decode(decoder, '4085')).toBeNull();
  expect(decode(decoder, 'ffffffffffffff')).toBeNull();
});

it('never throws and keeps no more than its limits', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 8 }), (blocks) => {
      const decoder = new HpackDecoder();
      for (const block of blocks) expect(decoder.decode(block, 0, block.length)?.length ?? 0).toBeLessThanOrEqual(128);
    }),
    { numRuns: 300 },
  );
});
