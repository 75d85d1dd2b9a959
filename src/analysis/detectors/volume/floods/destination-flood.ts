// A flood of whatever kind: a host gets far more packets than it answers, and none of the named floods fits.

import { defineDetector, perSecond, seconds, share } from '../../detector.ts';
import { counted, grouped, toHost } from '../../wording.ts';
import { BusyHosts, busy } from '../busy-hosts.ts';
import { namedHosts } from '../named-hosts.ts';

/** What most of the packets are. */
function mostly(hosts: BusyHosts, row: number): string {
  const kinds: [number, string][] = [
    [hosts.word(row, busy.toSyns), 'SYN'],
    [hosts.word(row, busy.toBare), 'TCP segments without data'],
    [hosts.word(row, busy.toUdp), 'UDP'],
    [hosts.word(row, busy.toIcmp), 'ICMP'],
    [hosts.word(row, busy.toFragments), 'fragments'],
  ];
  const [most] = kinds.sort((a, b) => b[0] - a[0]);
  return most[0] * 2 >= hosts.word(row, busy.toPackets) ? most[1] : 'of several kinds';
}

export const destinationFlood = defineDetector({
  name: 'flood.dst',
  title: 'Flood of packets to one host',
  version: 1,
  severity: 'high',
  mitre: 'T1498.001',
  meaning: 'Packets that get no answer fill the line to the host, whatever they are.',
  benign: 'A capture that sees one direction only, or one-way streams.',
  next: 'See what most of the packets are and where they come from; ask the provider to filter upstream.',
  options: {
    perSec: perSecond(5000, 'Packets to one host, data of TCP connections not counted'),
    lastsSec: seconds(2, 'Seconds in a row; one is enough at twice the rate'),
    answered: share(0.1, 'Packets that the host sends for each it gets, from which on it is no flood'),
  },
  open: ({ options, now, table, shared, raise }) => {
    const hosts = shared('volume.busy', () => new BusyHosts(table));
    const named = namedHosts(shared);
    let doneSec = Number.NEGATIVE_INFINITY;
    const judge = (row: number): void => {
      const all = hosts.word(row, busy.toPackets);
      if (all < options.perSec || hosts.isGroup(row)) return;
      const data = hosts.word(row, busy.toTcp) - hosts.word(row, busy.toSyns) - hosts.word(row, busy.toBare);
      const packets = all - data;
      const answers = hosts.word(row, busy.fromPackets);
      if (packets < options.perSec || answers > all * options.answered) return;
      const inRow = hosts.another(row, busy.any, true);
      if (inRow < options.lastsSec && packets < options.perSec * 2) return;
      const host = hosts.address(row);
      if (named.has(host, now.sec) || !hosts.isNews(row, busy.any, packets)) return;
      raise({
        key: host,
        sources: [],
        targets: [host],
        observed: packets,
        threshold: options.perSec,
        unit: 'packets a second',
        firstUs: hosts.firstUs(row, busy.any),
        firstPacket: hosts.firstPacket(row, busy.any),
        count: packets,
        explain:
          `${host} got ${counted(packets, 'packet')} in a second, mostly ${mostly(hosts, row)}, ` +
          `and sent ${grouped(answers)}; limit ${grouped(options.perSec)} a second.`,
        against: `${grouped(answers)} packets went back`,
        filter: toHost(host),
      });
    };
    const close = (): void => {
      if (hosts.sec <= doneSec) return;
      doneSec = hosts.sec;
      hosts.rows.forEach(judge);
    };
    return { rate: (rate) => hosts.see(rate), tick: close, end: close };
  },
});
