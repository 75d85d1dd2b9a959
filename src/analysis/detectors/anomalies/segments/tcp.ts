// TCP segments that no honest sender makes (RFC 9293 §3.10, RFC 5961): forged answers in a conversation, bytes said twice
// with other contents, handshakes bent to lead a monitor astray (Ptacek, Newsham 1998).

import { communityId, conflictSign, type Oddity, type OddSignal, type Severity } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, counted, span } from '../../wording.ts';
import { oddSource, oddTarget, Tally } from '../tally.ts';

interface Kind {
  readonly bit: number;
  readonly words: string;
  readonly severity: Severity;
  /** Times it has to be seen between two hosts; 0: the option `resets`. */
  readonly least: number;
}

const kinds: Partial<Record<Oddity, Kind>> = {
  'tcp.conflict': { bit: 1, words: 'repeated bytes with other contents', severity: 'medium', least: 1 },
  'tcp.after-reset': { bit: 2, words: 'went on with a handshake that it had reset', severity: 'medium', least: 1 },
  'tcp.split-handshake': { bit: 4, words: 'answered a SYN with a SYN', severity: 'low', least: 1 },
  'tcp.rst-outside': {
    bit: 8,
    words: 'reset with sequence numbers far outside the window',
    severity: 'medium',
    least: 0,
  },
  'tcp.fin-outside': {
    bit: 16,
    words: 'closed with sequence numbers far outside the window',
    severity: 'low',
    least: 0,
  },
};
/** Further bits: a wrong checksum; copies on different ways; copies that are one packet, changed. */
const damaged = 32;
const otherWay = 64;
const changed = 128;
/** Conflicts of one sender from which on it is no slip, though nothing else speaks for a forger. */
const few = 4;

/** Bits of a conflict. */
function conflictBits(sign: number): number {
  if ((sign & conflictSign.badChecksum) !== 0) return damaged;
  return (sign & conflictSign.otherTtl) !== 0 ? otherWay : (sign & conflictSign.samePacket) !== 0 ? changed : 0;
}

/** Conflicts that damage, an edited capture or a few slips of a stack explain are worth less. */
function severityOf(kind: Kind, bits: number, n: number): Severity {
  if (bits === 1 && n < few) return n < 2 ? 'info' : 'low';
  if (bits === (1 | damaged)) return 'info';
  return bits === (1 | changed) ? 'low' : kind.severity;
}

const wordsOf = (bits: number): string =>
  Object.values(kinds)
    .filter(({ bit }) => (bits & bit) !== 0)
    .map(({ words }) => words)
    .join('; ');

export const tcp = defineDetector({
  name: 'proto.tcp',
  title: 'Forged or evasive TCP segments',
  version: 1,
  severity: 'medium',
  mitre: 'T1557',
  meaning:
    'Somebody injects answers into a conversation, or bends it so that a monitor reads something else than the host.',
  benign:
    'A damaged segment that was sent again; middleboxes that change what passes; peers that connect to each other at once.',
  next: 'Compare the two copies: TTL and IP identification of a forged one are seldom those of the others.',
  options: {
    resets: count(10, 'Resets or FINs outside the window between two hosts within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 1024, options.windowSec);
    return {
      odd(s: OddSignal): void {
        const kind = kinds[s.what];
        if (kind === undefined) return;
        // One row for each sender and kind of limit: resets by the dozen are no reason to count one more conflict.
        const bits = s.what === 'tcp.conflict' ? kind.bit | conflictBits(s.value) : kind.bit;
        const n = tally.add(now, s.ipVersion, s.s0, s.s1, s.s2, s.s3, kind.least === 0 ? kind.bit : 1, bits);
        const limit = kind.least === 0 ? options.resets : kind.least;
        if (n === 0 || !tally.isNews(limit)) return;
        const [source, target] = [oddSource(s), oddTarget(s)];
        const { firstUs, ...when } = tally.when();
        raise({
          key: `${source} → ${target}`,
          sources: [source],
          targets: [target],
          severity: severityOf(kind, tally.kinds, n),
          observed: n,
          threshold: limit,
          unit: 'segments',
          ...when,
          firstUs,
          explain: `In the name of ${source}, ${counted(n, 'segment')} to ${target} port ${s.dPort} within ${span(now.timeUs - firstUs)} ${wordsOf(tally.kinds)}${(bits & otherWay) !== 0 ? '; their TTL differs, so they came different ways' : ''}.`,
          against: (bits & damaged) !== 0 ? 'The checksum of the latest is wrong: it may be damaged.' : '',
          flows: [communityId(s.ipVersion, s.s0, s.s1, s.s2, s.s3, s.d0, s.d1, s.d2, s.d3, s.proto, s.sPort, s.dPort)],
          filter: `${betweenHosts(source, target)} && tcp.port == ${s.sPort} && tcp.port == ${s.dPort}`,
        });
      },
    };
  },
});
