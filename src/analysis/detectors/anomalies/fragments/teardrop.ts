// Teardrop and its kin (bonk, syndrop, nestea; CERT CA-1997-28): a last fragment that ends before what came already, which
// old stacks turn into a copy of negative length.

import { ipProto, type OddSignal } from '../../../../core/index.ts';
import { count, defineDetector, type Surroundings } from '../../detector.ts';
import { counted, fromHost } from '../../wording.ts';
import { oddSource, oddTarget, Tally } from '../tally.ts';

/** The latest packet that was a teardrop: its overlap is no other attack. */
export interface Teardrop {
  packet: number;
}
export const sharedTeardrop = (around: Pick<Surroundings, 'shared'>): Teardrop =>
  around.shared('fragments-teardrop', () => ({ packet: -1 }));

export const teardrop = defineDetector({
  name: 'proto.teardrop',
  title: 'Teardrop',
  version: 1,
  severity: 'high',
  mitre: 'T1499.004',
  meaning: 'Fragments with impossible ends crash hosts that put them together without care.',
  benign: 'None is known: no sender makes such fragments by itself.',
  next: 'See whether the target still answers; filter fragments from this source.',
  options: { fragments: count(1, 'Such fragments of one source') },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 256, 600);
    const latest = sharedTeardrop(around);
    return {
      odd(s: OddSignal): void {
        if (s.what !== 'fragment.end' || s.ipVersion !== 4) return;
        latest.packet = s.packet;
        const n = tally.add(now, 4, s.s0, 0, 0, 0);
        if (n === 0 || !tally.isNews(options.fragments)) return;
        const source = oddSource(s);
        const target = oddTarget(s);
        const kind = s.proto === ipProto.udp ? 'UDP ' : s.proto === ipProto.tcp ? 'TCP ' : '';
        raise({
          key: source,
          sources: [source],
          targets: [target],
          observed: n,
          threshold: options.fragments,
          unit: 'fragments',
          ...tally.when(),
          explain: `${source} sent ${target} ${counted(n, `${kind}fragment`)} whose datagram ends before the bytes that came already.`,
          filter: `${fromHost(source)} && (ip.flags.mf == 1 || ip.frag_offset > 0)`,
        });
      },
    };
  },
});
