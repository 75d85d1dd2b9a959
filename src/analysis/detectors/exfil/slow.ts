// Parts of equal size sent out on a schedule (MITRE T1029, T1030): low and slow.

import { type FlowSignal, flowEnd, moment } from '../../../core/index.ts';
import { bytes, count, defineDetector, seconds, share } from '../detector.ts';
import { betweenHosts, communityOf, counted, percent, span } from '../wording.ts';
import { hostsOf } from './hosts.ts';
import { sized, Upload, usualUse } from './uploads.ts';

const SINCE = 0;
const PARTS = 1;
const RAISED = 2;
/** Means of sizes and of the time between two, each with its sum of squares (Welford) behind. */
const SIZE_MEAN = 0;
const GAP_MEAN = 2;
const LAST_US = 4;
const SENT = 5;
const FIRST_PACKET = 6;

export const exfilSlow = defineDetector({
  name: 'exfil.slow',
  title: 'Data sent out in equal parts',
  version: 1,
  severity: 'medium',
  mitre: 'T1030',
  meaning: 'Data that is cut into parts of one size and sent by the clock stays below limits of volume.',
  benign: 'Telemetry, cameras and backups send in the same way.',
  next: 'See which program sends, and whether the host outside is known.',
  options: {
    parts: count(12, 'Parts of like size'),
    leastBytes: bytes(10e6, 'Bytes of all parts within `windowSec`'),
    partBytes: bytes(50e3, 'Bytes of a part at the least'),
    windowSec: seconds(24 * 3600, 'Window in which they are counted'),
    ratio: count(5, 'Bytes sent for each that came back'),
    sizeSpread: share(0.2, 'Deviation of sizes, as a share of their mean'),
    gapSpread: share(0.3, 'Deviation of the time between parts, as a share of its mean'),
  },
  open: (around) => {
    const { options: at, now, network, table, raise } = around;
    const upload = new Upload();
    // 512 pairs of host here and service outside, 108 bytes each.
    const pairs = table({ capacity: 512, keyWords: 6, words: 3, doubles: 7, idleSec: at.windowSec });

    return {
      moments: moment.ended,
      flow(s: FlowSignal): void {
        if (!upload.read(s, network)) return;
        const u = upload;
        // A part is a whole conversation, also where some of it was told before.
        const sent = u.isTurned ? s.rBytes : s.oBytes;
        const received = u.isTurned ? s.oBytes : s.rBytes;
        if (s.end === flowEnd.activeTimeout || sent < at.partBytes || sent < at.ratio * received) return;
        const row = pairs.claim(now.sec, u.version, u.s0, u.s1, u.s2, u.s3, u.targetHash ^ u.port);
        if (row < 0) return;
        const w = pairs.words;
        const o = pairs.at(row);
        const d = row * pairs.doublesPerRow;
        const all = pairs.doubles;
        if (now.sec - w[o + SINCE] > at.windowSec) {
          w[o + SINCE] = now.sec;
          w[o + PARTS] = w[o + RAISED] = 0;
          all.fill(0, d, d + pairs.doublesPerRow);
          all[d + FIRST_PACKET] = s.firstPacket;
        }
        const parts = ++w[o + PARTS];
        welford(all, d + SIZE_MEAN, sent, parts);
        if (parts > 1) welford(all, d + GAP_MEAN, Math.max(0, s.firstUs - all[d + LAST_US]), parts - 1);
        all[d + LAST_US] = s.firstUs;
        all[d + SENT] += sent;
        pairs.setWorth(row, parts);
        if (parts < at.parts || all[d + SENT] < at.leastBytes || parts < 2 * w[o + RAISED]) return;
        const sizes = spread(all, d + SIZE_MEAN, parts);
        const gaps = spread(all, d + GAP_MEAN, parts - 1);
        if (!(sizes <= at.sizeSpread) || !(gaps <= at.gapSpread)) return;
        w[o + RAISED] = parts;
        const { source, target } = hostsOf(u);
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          confidence: 0.7,
          observed: parts,
          threshold: at.parts,
          unit: 'parts',
          count: parts,
          firstPacket: all[d + FIRST_PACKET],
          packets: [all[d + FIRST_PACKET]],
          explain: `${source} sent ${counted(parts, 'part')} of about ${sized(all[d + SIZE_MEAN])} (${percent(sizes)} deviation) to ${target}, one every ${span(all[d + GAP_MEAN])}, ${sized(all[d + SENT])} in all.`,
          against: usualUse(s.service),
          flows: [communityOf(s)],
          filter: betweenHosts(source, target),
        });
      },
    };
  },
});

/** Takes the n-th value into a mean and a sum of squares that stand side by side. */
function welford(all: Float64Array, at: number, value: number, n: number): void {
  const delta = value - all[at];
  all[at] += delta / n;
  all[at + 1] += delta * (value - all[at]);
}

/** Standard deviation as a share of the mean. */
function spread(all: Float64Array, at: number, n: number): number {
  return all[at] <= 0 || n < 2 ? Number.NaN : Math.sqrt(all[at + 1] / n) / all[at];
}
