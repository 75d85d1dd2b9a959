// Proves: RTP is believed only when packets follow each other, its numbers are those of RFC 3550, and what shares its port is
// told apart.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../../golden/converse.ts';
import { type Protocol, probed } from '../../protocol.ts';
import { dtls } from '../../tls/dtls.ts';
import { stun } from '../../tunnels/stun.ts';
import type { AnnouncedMedia } from './codecs.ts';
import { rtcp } from './rtcp.ts';
import { rtp } from './rtp.ts';

const all: readonly Protocol[] = [rtp as unknown as Protocol, rtcp as unknown as Protocol];
const udp: Setting = { proto: 17, oPort: 40_000, rPort: 40_002 };

interface Parts {
  seq: number;
  ts?: number;
  ssrc?: number;
  type?: number;
  first?: number;
  payload?: number;
}

function packet({ seq, ts = seq * 160, ssrc = 0x1234abcd, type = 0, first = 0x80, payload = 160 }: Parts): Uint8Array {
  const out = new Uint8Array(12 + payload);
  const view = new DataView(out.buffer);
  out[0] = first;
  out[1] = type;
  view.setUint16(2, seq & 0xffff);
  view.setUint32(4, ts >>> 0);
  view.setUint32(8, ssrc);
  return out;
}

/** Packets of 20 ms each, by their sequence numbers in order of arrival. */
const stream = (sequences: readonly number[], more: Partial<Parts> = {}): Step[] =>
  sequences.map((seq, i) => ({ side: 0, bytes: packet({ seq, ...more }), timeUs: 1_000_000 + i * 20_000 }));

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const announced = (codecs: [number, string, number][], isSecure = false): AnnouncedMedia => ({
  codecs: new Map(codecs.map(([type, name, clockHz]) => [type, { name, clockHz }])),
  callId: 'call-1',
  isSecure,
});

describe('a stream', () => {
  it('is told at its end with its numbers', () => {
    const heard = converse(all, stream(range(10, 60)), udp);
    expect(heard.names).toEqual(['rtp']);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toEqual([
      {
        ssrc: 0x1234abcd,
        payloadType: 0,
        codec: 'PCMU',
        clockHz: 8000,
        packets: 50,
        payloadBytes: 8000,
        lost: 0,
        reordered: 0,
        duplicates: 0,
        jitterUs: 0,
        maxJitterUs: 0,
        maxGapUs: 20_000,
        durationUs: 980_000,
        isEnd: true,
      },
    ]);
    expect(heard.told[0].options).toMatchObject({ side: 0, timeUs: 1_980_000 });
  });

  it('counts lost, late and repeated packets, over the end of the sequence too', () => {
    const sequences = [65_530, 65_531, 65_531, 65_534, 65_533, 65_535, 0, 1, 1, 5, 4, 6, 70, 68, 68, 71];
    const [event] = converse(all, stream(sequences), udp).events();
    // 65532, 2, 3 and all of 7 to 69 but for 68.
    expect(event).toMatchObject({ packets: 16, duplicates: 3, reordered: 3, lost: 65 });
  });

  it('measures jitter as RFC 3550 A.8 does', () => {
    const steps = stream(range(0, 4)).map((step, i) => ({ ...step, timeUs: [0, 20_000, 48_000, 60_000][i] }));
    const [event] = converse(all, steps, udp).events();
    // |D| is 0, 8 ms, 8 ms: 0, 500, 500 + (8000 - 500) / 16.
    expect(event).toMatchObject({ jitterUs: 969, maxJitterUs: 969 });
  });

  it('goes on after a jump of the sequence number that two packets agree on', () => {
    const [event] = converse(all, stream([...range(0, 10), ...range(30_000, 30_010)]), udp).events();
    expect(event).toMatchObject({ packets: 20, lost: 0, duplicates: 0, reordered: 0 });
  });

  it('is told every half minute while it goes on', () => {
    const steps = stream(range(0, 100), { payload: 8 }).map((step, i) => ({ ...step, timeUs: i * 1_000_000 }));
    const events = converse(all, steps, udp).events();
    expect(events.map(({ packets, isEnd }) => [packets, isEnd])).toEqual([
      [31, false],
      [61, false],
      [91, false],
      [100, true],
    ]);
  });

  it('has its own numbers for each source and side, up to a bound', () => {
    const steps: Step[] = [...stream(range(0, 3))];
    for (let ssrc = 1; ssrc <= 40; ssrc++) steps.push({ side: 1, bytes: packet({ seq: 1, ssrc }) });
    for (let ssrc = 1; ssrc <= 40; ssrc++) steps.push({ side: 1, bytes: packet({ seq: 2, ssrc }) });
    const heard = converse(all, steps, udp);
    expect(heard.told.filter(({ options }) => options.side === 0)).toHaveLength(1);
    expect(heard.told.filter(({ options }) => options.side === 1)).toHaveLength(8);
  });
});

describe('what nobody announced', () => {
  it.each([
    ['a source that changes', [packet({ seq: 1 }), packet({ seq: 2, ssrc: 7 }), packet({ seq: 3, ssrc: 9 })]],
    ['another sequence', [packet({ seq: 1 }), packet({ seq: 9000 }), packet({ seq: 3000 })]],
    ['other bytes', [packet({ seq: 1 }), bytesOf("'something else entirely")]],
    ['the same packet for ever', range(0, 20).map(() => packet({ seq: 1 }))],
  ])('is not RTP: %s', (_what, datagrams) => {
    const steps = datagrams.map((bytes): Step => ({ side: 0, bytes }));
    const heard = converse(all, steps, udp);
    expect(heard.told).toEqual([]);
    expect(heard.how).not.toBe('handshake');
  });

  it('is left to others when the second datagram does not follow', () => {
    const other = {
      ...rtcp,
      name: 'other',
      probe: () => probed.yes,
      open: () => ({ data: () => 1 }),
    } as unknown as Protocol;
    const refusing = { ...other, probe: (b: Uint8Array, at: number) => (b[at] === 0x41 ? probed.yes : probed.no) };
    const heard = converse(
      [rtp as unknown as Protocol, refusing as Protocol],
      [
        { side: 0, bytes: packet({ seq: 1 }) },
        { side: 0, bytes: bytesOf("'A text that follows") },
      ],
      udp,
    );
    expect(heard.names).toEqual(['other']);
  });

  it.each<[string, Partial<Parts>, Setting]>([
    ['an unknown type', { type: 77 }, udp],
    ['half a frame', { payload: 163 }, udp],
    ['padding', { first: 0xa0 }, udp],
    ['many sources', { first: 0x85 }, udp],
    ['no source', { ssrc: 0 }, udp],
    ['odd ports', {}, { ...udp, oPort: 40_001, rPort: 40_003 }],
    ['a low port', {}, { ...udp, rPort: 500 }],
    ['another version', { first: 0x40 }, udp],
  ])('is refused at first sight: %s', (_what, more, setting) => {
    expect(converse(all, stream(range(0, 5), more), setting).names).toEqual([]);
  });
});

describe('what was announced', () => {
  const setting: Setting = {
    ...udp,
    open: true,
    given: announced([
      [96, 'opus', 48_000],
      [101, 'telephone-event', 8000],
    ]),
  };

  it('has the codec, clock and call of the announcement', () => {
    const events = converse(all, stream(range(0, 5), { type: 96, payload: 31 }), setting).events();
    expect(events).toMatchObject([{ codec: 'opus', clockHz: 48_000, payloadType: 96, callId: 'call-1' }]);
  });

  it('takes no jitter from keys that are pressed', () => {
    const steps = [
      ...stream(range(0, 5), { type: 101, payload: 4, ts: 0 }),
      ...stream(range(5, 7), { type: 96, payload: 31 }),
    ];
    const [event] = converse(all, steps, setting).events();
    expect(event).toMatchObject({ codec: 'opus', payloadTypes: [101, 96] });
  });

  it('may be one packet, or none', () => {
    expect(converse(all, stream([7], { type: 96 }), setting).events()).toMatchObject([{ packets: 1 }]);
    const heard = converse(all, [{ side: 0, bytes: bytesOf("'GET / HTTP/1.1") }], setting);
    expect([heard.names, heard.told]).toEqual([[], []]);
  });

  it('is srtp when keys were agreed on', () => {
    const secure = { ...setting, given: announced([[96, 'opus', 48_000]], true) };
    const heard = converse(all, stream(range(0, 3), { type: 96 }), secure);
    expect(heard.names).toEqual(['srtp']);
    expect(heard.events()).toMatchObject([{ isSecure: true }]);
  });

  it('tells STUN and DTLS apart, which go before it', () => {
    const more = [...all, dtls as unknown as Protocol, stun as unknown as Protocol];
    const check = bytesOf('0001 0000 2112a442 000102030405060708090a0b');
    const hello = bytesOf('16feff 0000 000000000000 0002 0100');
    const steps: Step[] = [{ side: 0, bytes: check }, { side: 0, bytes: hello }, ...stream(range(0, 3), { type: 96 })];
    const secure = { ...setting, given: announced([[96, 'opus', 48_000]], true) };
    const heard = converse(more, steps, secure);
    expect(heard.names).toEqual(['srtp', 'stun', 'dtls']);
    expect(heard.events()).toMatchObject([{ packets: 3, isSecure: true }]);
    expect(converse(more, steps.slice(1), setting).names).toEqual(['srtp', 'dtls']);
  });

  it('reads reports on the same port', () => {
    const bye = bytesOf('80 c9 0001 00000001', '81 cb 0001 00000001');
    const heard = converse(all, [...stream(range(0, 3), { type: 96 }), { side: 1, bytes: bye }], setting);
    expect(heard.events('rtcp')).toEqual([{ packetTypes: ['rr', 'bye'], ssrc: 1, bye: '-', callId: 'call-1' }]);
  });
});

describe('frames over TCP', () => {
  const framed = (sequences: readonly number[]): Uint8Array =>
    bytesOf(...sequences.flatMap((seq) => ['00ac', packet({ seq, ssrc: 0, type: 8 })]));

  it.each([40, 200, 4000])('are read from pieces of %i bytes', (pieces) => {
    const heard = converse(all, [{ side: 0, bytes: framed(range(0, 9)) }], { pieces });
    expect(heard.names).toEqual(['rtp']);
    expect(heard.events()).toMatchObject([{ packets: 9, codec: 'PCMA', lost: 0 }]);
  });

  it('are not believed when they do not follow each other', () => {
    expect(converse(all, [{ side: 0, bytes: framed([1, 700, 3]) }]).names).toEqual([]);
  });
});

describe('damage', () => {
  it('never throws nor tells more packets than there were', () => {
    const damaged = fc.record({
      seq: fc.nat(70_000),
      ts: fc.nat(0xffffffff),
      ssrc: fc.constantFrom(1, 2, 0xffffffff),
      type: fc.nat(255),
      first: fc.constantFrom(0x80, 0x90, 0xb0, 0x8f, 0x00, 0x16),
      payload: fc.nat(40),
    });
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 40 }), fc.nat(60), (list, cut) => {
        const steps = list.map((parts): Step => ({ side: 0, bytes: packet(parts).subarray(0, 12 + cut) }));
        const heard = converse(all, steps, { ...udp, open: true, given: announced([]) });
        expect(heard.threw).toEqual([]);
        for (const event of heard.events()) {
          const { packets, lost, duplicates, reordered } = event as Record<string, number>;
          expect(packets).toBeLessThanOrEqual(list.length);
          expect(lost).toBeGreaterThanOrEqual(0);
          expect(duplicates + reordered).toBeLessThan(packets);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts what comes as RFC 3550 does, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 120 }), (order) => {
        const sequences = [100, 101, ...order.map((n) => 101 + n)];
        const [event] = converse(all, stream(sequences), { ...udp, open: true, given: announced([]) }).events();
        const different = new Set(sequences).size;
        expect(event.duplicates).toBe(sequences.length - different);
        expect(event.lost).toBe(Math.max(...sequences) - 100 + 1 - different);
      }),
      { numRuns: 200 },
    );
  });
});
