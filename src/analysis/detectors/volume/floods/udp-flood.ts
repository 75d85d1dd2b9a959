// UDP flood: datagrams to a host that does not answer them.

import { type FlowSignal, ipProto, moment } from '../../../../core/index.ts';
import { CountMin, hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, perSecond, seconds, share } from '../../detector.ts';
import { counted, grouped, percent, toHost } from '../../wording.ts';
import { BusyHosts, busy, busyDouble } from '../busy-hosts.ts';
import { namedHosts } from '../named-hosts.ts';

/** Flows in a second from which on datagrams are of many conversations, not of one stream. */
const manyFlows = 50;

export const udpFlood = defineDetector({
  name: 'flood.udp',
  title: 'UDP flood',
  version: 1,
  severity: 'high',
  mitre: 'T1498.001',
  meaning: 'Datagrams that nobody asked for fill the line to the host, and keep it busy with throwing them away.',
  benign: 'A one-way stream (video, log or measurement data), or a capture that sees one direction only.',
  next: 'See which ports they go to and whether the sources are plausible; ask the provider to filter upstream.',
  options: {
    perSec: perSecond(5000, 'Datagrams to one host'),
    least: count(1000, 'Datagrams in a second that came at that rate, even if the second was not full'),
    lastsSec: seconds(3, 'Seconds in a row, for a stream of few conversations'),
    answered: share(0.05, 'Datagrams that the host sends for each it gets, from which on it is no flood'),
    dominance: share(0.9, 'Share of UDP in what the host gets'),
  },
  open: ({ options, now, table, shared, raise }) => {
    const hosts = shared('volume.busy', () => new BusyHosts(table));
    const named = namedHosts(shared);
    /** New UDP conversations of this second by receiver; 32 KiB. */
    const flows = new CountMin(1 << 12);
    let doneSec = Number.NEGATIVE_INFINITY;
    const judge = (row: number): void => {
      const udp = hosts.word(row, busy.toUdp);
      const packets = hosts.word(row, busy.toPackets);
      if (udp < options.least || hosts.isGroup(row)) return;
      if (udp < packets * options.dominance || hosts.word(row, busy.fromUdp) > udp * options.answered) return;
      const key = (i: number): number => hosts.table.key(row, i);
      const isMany = flows.estimate(hashWords(key(1), key(2), key(3), key(4))) >= manyFlows;
      const isFast = udp * 1e6 >= options.perSec * hosts.double(row, busyDouble.toSpanUs);
      if (udp < options.perSec && !(isFast && isMany)) return;
      const inRow = hosts.another(row, busy.udp, true);
      if (!isMany && inRow < options.lastsSec && udp < options.perSec * 4) return;
      const host = hosts.address(row);
      if (named.has(host, now.sec) || !hosts.isNews(row, busy.udp, udp)) return;
      named.add(host, now.sec);
      const answers = hosts.word(row, busy.fromUdp);
      raise({
        key: host,
        sources: [],
        targets: [host],
        severity: isMany ? 'high' : 'medium',
        observed: udp,
        threshold: options.perSec,
        unit: 'datagrams a second',
        firstUs: hosts.firstUs(row, busy.udp),
        firstPacket: hosts.firstPacket(row, busy.udp),
        count: udp,
        explain:
          `${host} got ${counted(udp, 'UDP datagram')} in a second, ${percent(udp / packets)} of all it got, ` +
          `and sent ${grouped(answers)} back; limit ${grouped(options.perSec)} a second.`,
        against: `${grouped(answers)} datagrams went back`,
        filter: `${toHost(host)} && udp`,
      });
    };
    const close = (): void => {
      if (hosts.sec > doneSec) {
        doneSec = hosts.sec;
        hosts.rows.forEach(judge);
      }
      flows.clear();
    };
    return {
      moments: moment.opened,
      flow(s: FlowSignal): void {
        if (s.proto === ipProto.udp && s.isFromOriginator) flows.add(hashWords(s.r0, s.r1, s.r2, s.r3));
      },
      rate: (rate) => hosts.see(rate),
      tick: close,
      end: close,
    };
  },
});
