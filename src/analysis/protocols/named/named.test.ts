// Proves that each probe knows its own first bytes, that none takes the bytes of another for its own, and none random ones.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse } from '../golden/converse.ts';
import { type Probe, probed } from '../protocol.ts';
import { samples } from './golden/samples.ts';
import { namedProtocols } from './index.ts';
import { signature } from './signature.ts';

const hint = (proto: number, port: number, length: number, isPort: boolean, side: 0 | 1 = 0) => ({
  proto,
  side,
  oPort: 40_123,
  rPort: port,
  isPort,
  length,
});

describe('signature', () => {
  const looks = signature('01 .. 03', "'ab");

  it('compares digits and text and lets two dots be any byte', () => {
    expect(looks(bytesOf('01 ff 03', "'abc"), 0, 6)).toBe(true);
    expect(looks(bytesOf('01 ff 04', "'abc"), 0, 6)).toBe(false);
    expect(looks(bytesOf('01 ff 03', "'a"), 0, 4)).toBe(false);
  });
});

describe.each(samples)('$name', ({ name, proto, port, bytes, side }) => {
  it('is known by its first bytes, and only by them', () => {
    const heard = converse(namedProtocols, [{ side: side ?? 0, bytes }], { proto, rPort: port });
    expect(heard.names).toEqual([name]);
    expect(heard.how).toBe('pattern');
    expect(heard.isOver).toBe(true);
  });

  it('does not read beyond what is there', () => {
    const probe = namedProtocols.find((one) => one.name === name)?.probe as Probe;
    const framed = new Uint8Array(bytes.length + 64).fill(0xa5);
    framed.set(bytes, 32);
    for (let end = 33; end <= 32 + bytes.length; end++) {
      const inside = probe(framed, 32, end, hint(proto, port, end - 32, true, side));
      const alone = probe(bytes.slice(0, end - 32), 0, end - 32, hint(proto, port, end - 32, true, side));
      expect(inside).toBe(alone);
    }
  });
});

describe('the list', () => {
  it('has each name once', () => {
    const names = namedProtocols.map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a sample of every protocol that has a probe', () => {
    const shown = new Set(samples.map((sample) => sample.name));
    expect(
      namedProtocols.filter((one) => one.probe !== undefined && !shown.has(one.name)).map((one) => one.name),
    ).toEqual([]);
  });

  it('takes random bytes for hardly anything, off the usual ports', () => {
    let yes = 0;
    let asked = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.constantFrom(6, 17), (bytes, proto) => {
        for (const one of namedProtocols) {
          if (one.probe === undefined || (proto === 6 ? one.ports?.tcp : one.ports?.udp) === undefined) continue;
          asked++;
          if (one.probe(bytes, 0, bytes.length, hint(proto, 40_000, bytes.length, false)) === probed.yes) yes++;
        }
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(asked).toBeGreaterThan(100_000);
    expect(yes).toBe(0);
  });
});
