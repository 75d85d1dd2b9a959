// Fragment flood: pieces of datagrams that use up the memory in which a host puts them together (RFC 8900 §3.7).

import { formatAddress, type Packet } from '../../../../core/index.ts';
import { type DistinctPool, hashWords, type KeyTable } from '../../../sketches/index.ts';
import { count, defineDetector, type OptionValues, perSecond, type Surroundings, share } from '../../detector.ts';
import { counted, percent, span, toHost } from '../../wording.ts';
import { namedHosts } from '../named-hosts.ts';

const WINDOW = 0;
const COUNT = 1;
const SEC = 2;
const IN_SEC = 3;
const RAISED = 4;
const TOTAL = 5;
const PEAK = 6;
const words = 7;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Bytes that came, and bytes of the datagrams whose last piece came. */
const CAME = 2;
const PROMISED = 3;
const doubles = 4;
const windowSec = 10;

const options = {
  perSec: perSecond(500, 'Fragments to one host'),
  whole: share(0.6, 'Share of bytes that fit together, from which on they are whole datagrams'),
  sources: count(200, 'Different senders of fragments to one host within 10 s'),
  open: count(1000, 'Fragments within 10 s that do not fit together'),
};

/** Bytes of the datagram that a fragment carries, as its header says. */
function pieceBytes(p: Packet): number {
  const header = p.ipVersion === 4 ? (p.bytes[p.l3At] & 15) << 2 : Math.max(48, p.l4At - p.l3At);
  return Math.max(0, p.ipLen - header);
}

class FragmentFlood {
  readonly #around: Surroundings<typeof options>;
  readonly #options: OptionValues<typeof options>;
  /** 512 receivers, 350 bytes each with their senders. */
  readonly #hosts: KeyTable;
  readonly #senders: DistinctPool;
  readonly #named: ReturnType<typeof namedHosts>;

  constructor(around: Surroundings<typeof options>) {
    this.#around = around;
    this.#options = around.options;
    this.#hosts = around.table({ capacity: 512, keyWords: 5, words, doubles, idleSec: 30 });
    this.#senders = around.distinct(this.#hosts);
    this.#named = namedHosts(around.shared);
  }

  frame(p: Packet): void {
    if (p.isFragment === 0 || p.level !== 0) return;
    const hosts = this.#hosts;
    const { sec } = this.#around.now;
    const row = hosts.claim(sec, p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    if (row < 0) return;
    const w = hosts.words;
    const at = hosts.at(row);
    const d = row * doubles;
    if (w[at + TOTAL] === 0 || sec - w[at + SEC] > 3 * windowSec) this.#begin(row, p);
    if (sec - w[at + WINDOW] >= windowSec) {
      w[at + WINDOW] = sec;
      w[at + COUNT] = 0;
      hosts.doubles[d + CAME] = 0;
      hosts.doubles[d + PROMISED] = 0;
      this.#senders.clear(row);
    }
    if (w[at + SEC] !== sec) {
      w[at + SEC] = sec;
      w[at + IN_SEC] = 0;
    }
    w[at + TOTAL]++;
    w[at + COUNT]++;
    if (++w[at + IN_SEC] > w[at + PEAK]) w[at + PEAK] = w[at + IN_SEC];
    const bytes = pieceBytes(p);
    hosts.doubles[d + CAME] += bytes;
    if (p.moreFragments === 0) hosts.doubles[d + PROMISED] += p.fragOffset + bytes;
    this.#senders.add(row, hashWords(p.src0, p.src1, p.src2, p.src3));
    this.#judge(row, p);
  }

  #begin(row: number, p: Packet): void {
    const hosts = this.#hosts;
    hosts.words.fill(0, hosts.at(row), hosts.at(row) + words);
    hosts.doubles.fill(0, row * doubles, (row + 1) * doubles);
    hosts.words[hosts.at(row) + WINDOW] = this.#around.now.sec;
    hosts.doubles[row * doubles + FIRST_US] = p.timeUs;
    hosts.doubles[row * doubles + FIRST_PACKET] = p.number;
    this.#senders.clear(row);
  }

  #judge(row: number, p: Packet): void {
    const hosts = this.#hosts;
    const w = hosts.words;
    const at = hosts.at(row);
    const limits = this.#options;
    if (w[at + COUNT] < limits.sources || w[at + TOTAL] < w[at + RAISED] * 2) return;
    const came = hosts.doubles[row * doubles + CAME];
    const promised = hosts.doubles[row * doubles + PROMISED];
    const whole = Math.min(came, promised) / Math.max(1, came, promised);
    const isBroken = whole < limits.whole && (w[at + IN_SEC] >= limits.perSec || w[at + COUNT] >= limits.open);
    const senders = this.#senders.count(row);
    if (!isBroken && senders < limits.sources) return;
    w[at + RAISED] = w[at + TOTAL];
    hosts.setWorth(row, w[at + TOTAL]);
    const host = formatAddress(p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3);
    const one = formatAddress(p.ipVersion, p.src0, p.src1, p.src2, p.src3);
    const firstUs = hosts.doubles[row * doubles + FIRST_US];
    this.#named.add(host, this.#around.now.sec);
    if (senders === 1) this.#named.add(one, this.#around.now.sec);
    this.#around.raise({
      key: host,
      sources: senders === 1 ? [one] : [],
      targets: [host],
      observed: w[at + TOTAL],
      threshold: isBroken ? limits.perSec : limits.sources,
      unit: isBroken ? 'fragments' : 'senders',
      firstUs,
      firstPacket: hosts.doubles[row * doubles + FIRST_PACKET],
      count: w[at + TOTAL],
      explain:
        `${host} got ${counted(w[at + TOTAL], 'IP fragment')} in ${span(p.timeUs - firstUs)} from ` +
        `${senders === 1 ? one : `about ${counted(senders, 'source')}`}, ${percent(whole)} of their bytes fit together; ` +
        `limit ${limits.perSec} a second that do not, or ${limits.sources} senders in 10 s.`,
      against: `${percent(whole)} of the bytes make whole datagrams`,
      filter: `${toHost(host)} && ${p.ipVersion === 4 ? '(ip.flags.mf == 1 || ip.frag_offset > 0)' : 'ipv6.fraghdr'}`,
    });
  }
}

export const fragmentFlood = defineDetector({
  name: 'flood.fragments',
  title: 'Fragment flood',
  version: 1,
  severity: 'high',
  mitre: 'T1499.001',
  meaning: 'A host keeps each piece until the datagram is whole: pieces that never fit use up its memory.',
  benign: 'File servers over UDP and tunnels with a small MTU send many fragments, but from few senders, and they fit.',
  next: 'See whether the sources are plausible; drop fragments at the border where no service needs them.',
  options,
  open: (around) => new FragmentFlood(around),
});
