// Proves that field sections are read as the examples of RFC 9204 appendix B say, and that damaged ones do no harm.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../golden/converse.ts';
import { QpackDecoder, type Section } from './qpack.ts';
import { staticTable } from './qpack-table.ts';

const read = (decoder: QpackDecoder, digits: string): unknown => {
  const b = bytesOf(digits);
  const section: Section = decoder.section(b, 0, b.length);
  return typeof section === 'string' ? section : section.map(({ name, value }) => `${name}: ${value}`);
};
const instruct = (decoder: QpackDecoder, digits: string): number => {
  const b = bytesOf(digits);
  return decoder.instructions(b, 0, b.length);
};

describe('QPACK', () => {
  it('has the static table of 99 entries', () => {
    expect(staticTable.length).toBe(99);
    expect(staticTable[17]).toEqual({ name: ':method', value: 'GET' });
    expect(staticTable[25]).toEqual({ name: ':status', value: '200' });
    expect(staticTable[52]).toEqual({ name: 'content-type', value: 'text/html; charset=utf-8' });
    expect(staticTable[98]).toEqual({ name: 'x-frame-options', value: 'sameorigin' });
  });

  it('reads a section without a dynamic table (B.1)', () => {
    expect(read(new QpackDecoder(), '0000 510b 2f69 6e64 6578 2e68 746d 6c')).toEqual([':path: /index.html']);
  });

  it('fills, duplicates and evicts as the encoder says (B.2 to B.5)', () => {
    const decoder = new QpackDecoder();
    decoder.maximum = 220;
    const first = '0381 10 11';
    expect(read(decoder, first)).toBe('blocked');
    instruct(decoder, '3fbd01 c00f 7777 772e 6578 616d 706c 652e 636f 6d c10c 2f73 616d 706c 652f 7061 7468');
    expect(read(decoder, first)).toEqual([':authority: www.example.com', ':path: /sample/path']);
    instruct(decoder, '4a63 7573 746f 6d2d 6b65 790c 6375 7374 6f6d 2d76 616c 7565');
    instruct(decoder, '02');
    expect(read(decoder, '0500 80 c1 81')).toEqual([
      ':authority: www.example.com',
      ':path: /',
      'custom-key: custom-value',
    ]);
    instruct(decoder, '810d 6375 7374 6f6d 2d76 616c 7565 32');
    expect(read(decoder, '0600 80 81')).toEqual(['custom-key: custom-value2', ':authority: www.example.com']);
  });

  it('takes whole instructions only', () => {
    const whole = '4a63 7573 746f 6d2d 6b65 790c 6375 7374 6f6d 2d76 616c 7565';
    const bytes = bytesOf(whole);
    for (let end = 0; end < bytes.length; end++) expect(new QpackDecoder().instructions(bytes, 0, end)).toBe(0);
    expect(new QpackDecoder().instructions(bytes, 0, bytes.length)).toBe(bytes.length);
  });

  it('is not harmed by anything', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(70_000),
        (a, b, maximum) => {
          const decoder = new QpackDecoder();
          decoder.maximum = maximum;
          expect(decoder.instructions(a, 0, a.length)).toBeLessThanOrEqual(a.length);
          decoder.section(b, 0, b.length);
        },
      ),
    );
  });
});
