// IPv6 options that carry something (RFC 8200 §4.2): of unknown kind, or padding that is not empty. A covert channel, as
// routers pass them on and hosts throw them away.

import type { Packet } from '../../../../core/index.ts';
import { bytes, count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, grouped, span } from '../../wording.ts';
import { sourceOf, Tally, targetOf } from '../tally.ts';
import { readChain } from './ipv6-chain.ts';

/** Option types that IANA has assigned (Destination Options and Hop-by-Hop Options, 2024), experiments left out. */
const known = new Set([
  0x00, 0x01, 0x04, 0x05, 0x07, 0x08, 0x0f, 0x11, 0x12, 0x13, 0x23, 0x26, 0x30, 0x31, 0x32, 0x4d, 0x63, 0x6d, 0x8a,
  0x8b, 0x8c, 0xc2, 0xc3, 0xc9, 0xee,
]);
const pad1 = 0;
const padN = 1;

/** Bytes that options of a header at `at` carry without a known purpose. */
function hiddenBytes(p: Packet, at: number): number {
  const b = p.bytes;
  const end = Math.min(at + ((b[at + 1] + 1) << 3), p.l3End);
  let hidden = 0;
  for (let o = at + 2; o + 1 < end; ) {
    const kind = b[o];
    if (kind === pad1) {
      o++;
      continue;
    }
    const to = Math.min(o + 2 + b[o + 1], end);
    if (!known.has(kind)) hidden += to - o - 2;
    else if (kind === padN) for (let i = o + 2; i < to; i++) if (b[i] !== 0) hidden++;
    o = to;
  }
  return hidden;
}

export const ipv6Options = defineDetector({
  name: 'proto.ipv6-options',
  title: 'IPv6 options that carry data',
  version: 1,
  severity: 'medium',
  mitre: 'T1001',
  meaning:
    'What stands in options that nobody knows, or in padding, passes routers and firewalls unread: a way to smuggle data.',
  benign: 'Experiments with new options, and hosts that do not clear their padding.',
  next: 'Look at the bytes of the options: are they text, do they differ from packet to packet?',
  options: {
    packets: count(3, 'Such packets of one source within `windowSec`'),
    hidden: bytes(4, 'Bytes without known purpose in the options of one packet'),
    windowSec: seconds(600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 512, options.windowSec);
    return {
      frame(p: Packet): void {
        if (p.ipVersion !== 6 || p.level !== 0 || p.bytes[p.l3At + 6] === 58) return;
        const chain = readChain(p);
        let hidden = 0;
        for (let i = 0; i < chain.optionCount; i++) hidden += hiddenBytes(p, chain.optionsAt[i]);
        if (hidden < options.hidden || hidden === 0) return;
        const n = tally.add(now, 6, p.src0, p.src1, p.src2, p.src3);
        if (n === 0 || !tally.isNews(options.packets)) return;
        const source = sourceOf(p);
        const target = targetOf(p);
        const { firstUs, ...when } = tally.when();
        raise({
          key: source,
          sources: [source],
          targets: [target],
          observed: n,
          threshold: options.packets,
          unit: 'packets',
          ...when,
          firstUs,
          explain: `${source} sent ${target} ${counted(n, 'packet')} in ${span(now.timeUs - firstUs)} whose options carry data without a known purpose, ${grouped(hidden)} bytes in the latest.`,
          filter: `${fromHost(source)} && (ipv6.dstopts || ipv6.hopopts)`,
        });
      },
    };
  },
});
