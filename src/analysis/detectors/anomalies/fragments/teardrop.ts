// Teardrop and its kin (bonk, syndrop, nestea; CERT CA-1997-28): a last fragment that ends before what came already, which
// old stacks turn into a copy of negative length.

import { ipProto, type OddSignal, type Packet } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, type Surroundings } from '../../detector.ts';
import { counted, fromHost } from '../../wording.ts';
import { oddSource, oddTarget, sourceOf, Tally, targetOf } from '../tally.ts';

/** Datagrams with a first fragment of odd length that are remembered: such ones reassembly does not take. */
const oddMost = 64;

/** The latest packet that was a teardrop: its overlap is no other attack. */
export interface Teardrop {
  packet: number;
}
export const sharedTeardrop = (around: Pick<Surroundings, 'shared'>): Teardrop =>
  around.shared('fragments-teardrop', () => ({ packet: -1 }));

/** Where data ends in a datagram whose first fragment has a length that is no multiple of eight. */
class OddFirsts {
  readonly #keys = new Int32Array(oddMost);
  readonly #ends = new Int32Array(oddMost);

  /** Sees a fragment of IPv4; true when it is the last one and lies inside the odd first one. */
  see(p: Packet): boolean {
    const data = p.ipLen - ((p.bytes[p.l3At] & 15) << 2);
    const key = hashWords(p.src0, p.dst0, p.fragId, p.proto) | 1;
    const at = (key >>> 1) & (oddMost - 1);
    if (p.moreFragments === 1 && p.fragOffset === 0 && (data & 7) !== 0) {
      this.#keys[at] = key;
      this.#ends[at] = data;
      return false;
    }
    return p.moreFragments === 0 && this.#keys[at] === key && p.fragOffset + data < this.#ends[at];
  }
}

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
    const firsts = new OddFirsts();

    const tell = (n: number, proto: number, source: string, target: string): void => {
      const kind = proto === ipProto.udp ? 'UDP ' : proto === ipProto.tcp ? 'TCP ' : '';
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
    };

    return {
      frame(p: Packet): void {
        if (p.isFragment === 0 || p.ipVersion !== 4 || p.level !== 0 || !firsts.see(p)) return;
        latest.packet = p.number;
        const n = tally.add(now, 4, p.src0, 0, 0, 0);
        if (n > 0 && tally.isNews(options.fragments)) tell(n, p.proto, sourceOf(p), targetOf(p));
      },
      odd(s: OddSignal): void {
        if (s.what !== 'fragment.end' || s.ipVersion !== 4) return;
        latest.packet = s.packet;
        const n = tally.add(now, 4, s.s0, 0, 0, 0);
        if (n > 0 && tally.isNews(options.fragments)) tell(n, s.proto, oddSource(s), oddTarget(s));
      },
    };
  },
});
