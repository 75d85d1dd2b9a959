// Smurf (CERT CA-1998-01; RFC 2644; for IPv6 RFC 4443 §2.4): pings that make many hosts answer one victim.

import { ipProto, type Packet } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, fromHost, span, toHost } from '../../wording.ts';
import { sourceOf, Tally, targetOf } from '../tally.ts';

const request4 = 8;
const reply4 = 0;
const request6 = 128;
const reply6 = 129;

const isMulticast = (version: number, word: number): boolean =>
  version === 4 ? word >>> 28 === 14 : word >>> 24 === 0xff;
/** Addresses that no sender has. */
const isNobody = (p: Packet): boolean => isMulticast(p.ipVersion, p.src0) || (p.ipVersion === 4 && p.src0 === -1);

/** To everybody on a network: by address, or because the frame goes to all. */
function isToAll(p: Packet): boolean {
  if (p.ipVersion === 6) return isMulticast(6, p.dst0);
  if (p.dst0 === -1) return true;
  const m = p.dstMacAt;
  const b = p.bytes;
  return m >= 0 && (b[m] & b[m + 1] & b[m + 2] & b[m + 3] & b[m + 4] & b[m + 5]) === 0xff;
}

export const smurf = defineDetector({
  name: 'proto.smurf',
  title: 'Pings from or to everybody (smurf)',
  version: 1,
  severity: 'high',
  mitre: 'T1498.002',
  meaning: 'A ping to a whole network with a forged sender makes all its hosts answer that sender, the victim.',
  benign: 'Somebody pings the broadcast address to see who is there: few packets, from an address that is theirs.',
  next: 'Find the switch port that the frames came from; have routers drop directed broadcasts.',
  options: {
    requests: count(20, 'Pings of one address to everybody within `windowSec`'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const tally = new Tally(around, 512, options.windowSec);

    const impossible = (p: Packet): void => {
      const n = tally.add(now, p.ipVersion, p.dst0, p.dst1, p.dst2, p.dst3, 1);
      if (n === 0 || !tally.isNews(1)) return;
      const [source, victim] = [sourceOf(p), targetOf(p)];
      raise({
        key: victim,
        sources: [],
        targets: [victim],
        observed: n,
        threshold: 1,
        unit: 'packets',
        ...tally.when(),
        explain: `${counted(n, 'ping')} to ${victim} from ${source}, an address that stands for many hosts and can send nothing.`,
        filter: `${fromHost(source)} && ${toHost(victim)}`,
      });
    };

    const toAll = (p: Packet): void => {
      const n = tally.add(now, p.ipVersion, p.src0, p.src1, p.src2, p.src3, 2);
      if (n === 0 || !tally.isNews(options.requests)) return;
      const [victim, network] = [sourceOf(p), targetOf(p)];
      const { firstUs, ...when } = tally.when();
      raise({
        key: victim,
        sources: [],
        targets: [victim],
        severity: n >= 5 * options.requests ? 'high' : 'medium',
        observed: n,
        threshold: options.requests,
        unit: 'packets',
        ...when,
        firstUs,
        explain: `${counted(n, 'ping')} to all of ${network} in ${span(now.timeUs - firstUs)} in the name of ${victim}.`,
        filter: `${fromHost(victim)} && ${toHost(network)}`,
      });
    };

    return {
      frame(p: Packet): void {
        if (p.l4Ok !== 1 || p.level !== 0 || (p.proto !== ipProto.icmp && p.proto !== ipProto.icmpv6)) return;
        const type = p.icmpType;
        const isRequest = p.ipVersion === 4 ? type === request4 : type === request6;
        if (!isRequest && !(p.ipVersion === 4 ? type === reply4 : type === reply6)) return;
        if (isNobody(p)) impossible(p);
        else if (isRequest && isToAll(p)) toAll(p);
      },
    };
  },
});
