// A host that sends or gets very much, of whatever kind.

import { defineDetector, perSecond, seconds } from '../../detector.ts';
import { counted, fromHost, grouped, percent, toHost } from '../../wording.ts';
import { BusyHosts, busy, busyDouble } from '../busy-hosts.ts';
import { namedHosts } from '../named-hosts.ts';

/** Much traffic that the host takes part in is a transfer; this many times the limit is worth a look even then. */
const largeFactor = 4;
/** Microseconds between the first and the last packet of a second. */
const longestUs = 1.5e6;

export const hostRate = defineDetector({
  name: 'volume.rate',
  title: 'Very many packets of one host',
  version: 1,
  severity: 'low',
  mitre: 'T1498.001',
  meaning: 'A host that sends or gets so much leaves little of the line to others.',
  benign: 'Backups, file servers, video and large downloads do that all day.',
  next: 'See what it speaks and with whom; raise the limits to what is usual for your line.',
  options: {
    packets: perSecond(5000, 'Packets of one host in one direction'),
    bytes: perSecond(100_000_000, 'Bytes of one host in one direction'),
    lastsSec: seconds(3, 'Seconds in a row; one is enough at twice the rate'),
  },
  open: ({ options, now, table, shared, raise }) => {
    const hosts = shared('volume.busy', () => new BusyHosts(table));
    const named = namedHosts(shared);
    let doneSec = Number.NEGATIVE_INFINITY;
    /** The host that sent, or got, most in this second; -1 when none did. */
    const most = (column: number): number => {
      let best = -1;
      for (const row of hosts.rows) {
        // Who has no address yet is many hosts, and groups are many hosts.
        if (hosts.isUnspecified(row) || hosts.isGroup(row)) continue;
        if (best < 0 || hosts.word(row, column) > hosts.word(best, column)) best = row;
      }
      return best;
    };
    const judge = (row: number, isTo: boolean): void => {
      const packets = hosts.word(row, isTo ? busy.toPackets : busy.fromPackets);
      const bytes = hosts.double(row, isTo ? busyDouble.toBytes : busyDouble.fromBytes);
      const share = Math.max(packets / options.packets, bytes / options.bytes);
      // A second in which time ran backwards holds more than its own packets.
      const spanUs = hosts.double(row, isTo ? busyDouble.toSpanUs : busyDouble.fromSpanUs);
      if (share < 1 || Math.abs(spanUs) > longestUs) return;
      const column = isTo ? busy.in : busy.out;
      if (hosts.another(row, column, isTo) < options.lastsSec && share < 2) return;
      const host = hosts.address(row);
      if (named.has(host, now.sec) || !hosts.isNews(row, column, packets)) return;
      const tcp = hosts.word(row, isTo ? busy.toTcp : busy.fromTcp);
      const back = hosts.word(row, isTo ? busy.fromPackets : busy.toPackets);
      const isTransfer = tcp * 2 > packets && back * 20 > packets;
      const did = isTo ? 'got' : 'sent';
      raise({
        key: `${host} ${did}`,
        sources: isTo ? [] : [host],
        targets: isTo ? [host] : [],
        severity: isTransfer ? 'info' : share >= largeFactor ? 'medium' : 'low',
        observed: packets,
        threshold: options.packets,
        unit: 'packets a second',
        firstUs: hosts.firstUs(row, column),
        firstPacket: hosts.firstPacket(row, column),
        count: packets,
        explain:
          `${host} ${did} ${counted(packets, 'packet')} and ${counted(Math.round(bytes), 'byte')} in one second; ` +
          `limit ${grouped(options.packets)} packets or ${grouped(options.bytes)} bytes a second.`,
        against: `${percent(tcp / packets)} were TCP, and ${grouped(back)} packets went the other way`,
        filter: isTo ? toHost(host) : fromHost(host),
      });
    };
    const close = (): void => {
      if (hosts.sec <= doneSec) return;
      doneSec = hosts.sec;
      // Only the first of each: the others are most often those it talks to.
      const sender = most(busy.fromPackets);
      if (sender >= 0) judge(sender, false);
      const receiver = most(busy.toPackets);
      if (receiver < 0) return;
      // What a host gets from one that is told anyway needs no alert of its own.
      const sent = sender < 0 ? 0 : hosts.word(sender, busy.fromPackets);
      if (hosts.word(receiver, busy.toPackets) > sent * 2) judge(receiver, true);
    };
    return { rate: (rate) => hosts.see(rate), tick: close, end: close };
  },
});
