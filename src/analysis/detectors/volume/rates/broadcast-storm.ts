// Broadcast storm: a loop or a mad host fills the segment with frames that everyone must read. Frames in a loop are
// the same again and again, which no sender does so fast.

import { formatMac, ipProto, type Packet } from '../../../../core/index.ts';
import { CountMin, hashWords } from '../../../sketches/index.ts';
import { defineDetector, perSecond, seconds } from '../../detector.ts';
import { counted, grouped } from '../../wording.ts';

/** Bytes of a frame that are compared. */
const comparedBytes = 64;

/** A hash of the head of a frame and its length; sequence numbers and checksums are within. */
function hashFrame(p: Packet): number {
  const { bytes } = p;
  const end = Math.min(p.end, p.at + comparedBytes);
  let h = p.wireLen;
  for (let i = p.at; i < end; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
  return hashWords(h);
}

/** All hosts of the segment, or of one kind on it: broadcast, link-local multicast (RFC 5771 §4, RFC 4291 §2.7). */
const isSegmentAddress = (version: number, w0: number): boolean =>
  version === 4 ? w0 === -1 || w0 >>> 8 === 0xe00000 : w0 >>> 16 === 0xff02;

export const broadcastStorm = defineDetector({
  name: 'l2.storm',
  title: 'Broadcast storm',
  version: 1,
  severity: 'high',
  mitre: 'T1498',
  meaning: 'Every host of the segment must read each of these frames; a loop lets them circle without end.',
  benign: 'Many hosts that start at once, or a scan for addresses.',
  next: 'Look for a loop between switches, or for the MAC address that sends them; turn on spanning tree and storm control.',
  options: {
    perSec: perSecond(500, 'Broadcast and link-local multicast frames'),
    lastsSec: seconds(5, 'Seconds in a row at that rate'),
    repeats: perSecond(100, 'The same frame again'),
    repeatSec: seconds(2, 'Seconds in a row in which one frame repeats so often; one is enough at ten times'),
  },
  open: ({ options, raise }) => {
    // Two sketches of 8 KiB and a few numbers: one segment.
    const same = new CountMin(1 << 10);
    let frames = 0;
    let others = 0;
    let inRow = 0;
    let sec = 0;
    let lastSec = Number.NEGATIVE_INFINITY;
    let loops = 0;
    let kinds = 0;
    let mostSame = 0;
    let raised = 0;
    let sender = '';
    let firstPacket = 0;
    const tell = (what: 'storm' | 'loop', n: number): void => {
      if (n < raised * 2) return;
      raised = n;
      const limit = what === 'loop' ? options.repeats : options.perSec;
      raise({
        key: 'segment',
        sources: sender === '' ? [] : [sender],
        targets: [],
        observed: n,
        threshold: limit,
        unit: 'frames a second',
        firstUs: sec * 1e6,
        firstPacket,
        count: n,
        explain:
          what === 'loop'
            ? `${counted(kinds, 'broadcast frame')} came again and again, one of them ${grouped(n)} times in a second; limit ${limit}.`
            : `${counted(n, 'broadcast frame')} came in one second, the ${inRow}th in a row; limit ${limit} for ${options.lastsSec} s.`,
        filter: 'eth.dst.ig == 1',
      });
    };
    const close = (): void => {
      const n = frames + others;
      if (n > 0) {
        const isNext = lastSec === sec - 1;
        inRow = n >= options.perSec ? (isNext ? inRow : 0) + 1 : 0;
        loops = kinds > 0 ? (isNext ? loops : 0) + 1 : 0;
        const isLoop = loops >= options.repeatSec || mostSame >= options.repeats * 10;
        if (isLoop && mostSame >= options.repeats) tell('loop', mostSame);
        else if (inRow >= options.lastsSec) tell('storm', n);
        lastSec = sec;
        same.clear();
      }
      frames = 0;
      others = 0;
      kinds = 0;
      mostSame = 0;
    };
    return {
      frame(p: Packet): void {
        if (p.level !== 0 || p.dstMacAt < 0 || (p.bytes[p.dstMacAt] & 1) === 0) return;
        // Counted by rate signals where they are plain.
        if (p.proto === ipProto.udp) return;
        if (frames === 0) firstPacket = p.number;
        frames++;
        // Of what has no IP header: a datagram may well be sent again and again by its host.
        if (p.ipVersion !== 0) return;
        const n = same.add(hashFrame(p));
        if (n === options.repeats) {
          kinds++;
          sender = p.srcMacAt < 0 ? '' : formatMac(p.bytes, p.srcMacAt);
        }
        if (n > mostSame) mostSame = n;
      },
      rate(rate): void {
        if (rate.isTo && isSegmentAddress(rate.ipVersion, rate.w0)) {
          others += rate.udp;
          if (frames === 0) firstPacket = rate.firstPacket;
        }
      },
      tick(next: number): void {
        close();
        sec = next;
      },
      end: close,
    };
  },
});
