// Proves: reports are read to the unit, the round trip is that of RFC 3550 §6.4.1, and only whole compound packets count.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting } from '../../golden/converse.ts';
import type { Protocol } from '../../protocol.ts';
import { rtcp } from './rtcp.ts';
import { isCompound } from './rtcp-reader.ts';

const all: readonly Protocol[] = [rtcp as unknown as Protocol];
const udp: Setting = { proto: 17, oPort: 40_001, rPort: 40_003 };

/** SR of source 1: middle of its NTP time 0x22223333. */
const senderReport = bytesOf('80 c8 0006 00000001', '11112222 33334444 00000000 00000064 00003e80');
/** RR of source 2 on source 1: a quarter lost, -1 in all, highest 500, jitter 80, 0.5 s after the SR. */
const receiverReport = bytesOf('81 c9 0007 00000002', '00000001 40 ffffff 000001f4 00000050 22223333 00008000');
const names = bytesOf('81 ca 0003 00000001 01 05', "'alice", '00');

describe('rtcp', () => {
  it('tells reports and the time of the way', () => {
    const heard = converse(
      all,
      [
        { side: 0, bytes: bytesOf(senderReport, names), timeUs: 1_000_000 },
        { side: 1, bytes: receiverReport, timeUs: 1_530_000 },
      ],
      udp,
    );
    expect(heard.names).toEqual(['rtcp']);
    expect(heard.how).toBe('handshake');
    expect(heard.events()).toEqual([
      { packetTypes: ['sr', 'sdes'], ssrc: 1, cname: 'alice', senderPackets: 100, senderBytes: 16_000 },
      {
        packetTypes: ['rr'],
        ssrc: 2,
        fractionLost: 0.25,
        lost: -1,
        roundTripUs: 30_000,
        reports: [
          {
            ssrc: 1,
            fractionLost: 0.25,
            lost: -1,
            highestSequence: 500,
            jitterTicks: 80,
            roundTripUs: 30_000,
          },
        ],
      },
    ]);
  });

  it('has jitter in time where the clock is known', () => {
    const given = { codecs: new Map([[0, { name: 'PCMU', clockHz: 8000 }]]), callId: '', isSecure: false };
    const heard = converse(all, [{ side: 1, bytes: receiverReport }], { ...udp, open: true, given });
    expect(heard.events()).toMatchObject([{ jitterUs: 10_000 }]);
  });

  it('reads metrics of voice and the reason of a farewell', () => {
    const metrics = bytesOf('80 cf 000a 00000001 07 00 0008 00000001', '00'.repeat(16), '50 7f 2a 28', '00'.repeat(8));
    const bye = bytesOf('81 cb 0003 00000001 06', "'so sad", '00');
    const heard = converse(all, [{ side: 0, bytes: bytesOf(senderReport, metrics, bye) }], udp);
    expect(heard.events()).toMatchObject([
      { packetTypes: ['sr', 'xr', 'bye'], rFactor: 80, mosListening: 4.2, mosConversation: 4, bye: 'so sad' },
    ]);
  });

  it('is told at most once a second', () => {
    const steps = Array.from({ length: 50 }, (_, i) => ({
      side: 0 as const,
      bytes: senderReport,
      timeUs: i * 100_000,
    }));
    expect(converse(all, steps, udp).events()).toHaveLength(5);
  });

  it('keeps quiet about what is encrypted', () => {
    const given = { codecs: new Map(), callId: 'c', isSecure: true };
    const heard = converse(all, [{ side: 0, bytes: senderReport }], { ...udp, open: true, given });
    expect([heard.names, heard.told]).toEqual([['srtcp'], []]);
  });

  it.each([
    ['cut short', senderReport.subarray(0, 20)],
    ['a byte too long', bytesOf(senderReport, '00')],
    ['followed by something else', bytesOf(senderReport, '11 22 0000')],
    ['with more blocks than it holds', bytesOf('8f', senderReport.subarray(1))],
    ['not beginning with a report', names],
  ])('is not what is %s', (_what, bytes) => {
    expect(converse(all, [{ side: 0, bytes }], udp).names).toEqual([]);
  });

  it('ends where it is cut, without a throw', () => {
    const whole = bytesOf(senderReport, receiverReport, names);
    for (let cut = 0; cut <= whole.length; cut++) {
      const setting = { ...udp, open: true };
      expect(converse(all, [{ side: 0, bytes: whole.subarray(0, cut) }], setting).threw).toEqual([]);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(isCompound(bytes, 0, bytes.length, bytes.length)).toBeTypeOf('boolean');
        const damaged = bytesOf(senderReport, bytes);
        expect(converse(all, [{ side: 0, bytes: damaged }], { ...udp, open: true }).threw).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
