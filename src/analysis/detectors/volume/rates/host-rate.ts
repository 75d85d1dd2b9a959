// A host that sends or gets very much, of whatever kind.

import { defineDetector, perSecond, seconds } from '../../detector.ts';
import { counted, fromHost, grouped, percent, toHost } from '../../wording.ts';
import { BusyHosts, busy, busyDouble } from '../busy-hosts.ts';
import { namedHosts } from '../named-hosts.ts';

/** Much traffic that the host takes part in is a transfer; this many times the limit is worth a look even then. */
const largeFactor = 4;

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
    seconds: seconds(3, 'Seconds in a row; one is enough at twice the rate'),
  },
  open: ({ options, now, table, shared, raise }) => {
    const hosts = shared('volume.busy', () => new BusyHosts(table));
    const named = namedHosts(shared);
    let doneSec = Number.NEGATIVE_INFINITY;
    /** Most packets that one host sent in this second. */
    let mostSent = 0;
    const judge = (row: number, isTo: boolean): void => {
      const packets = hosts.word(row, isTo ? busy.toPackets : busy.fromPackets);
      const bytes = hosts.double(row, isTo ? busyDouble.toBytes : busyDouble.fromBytes);
      const share = Math.max(packets / options.packets, bytes / options.bytes);
      if (share < 1) return;
      // What one host gets from one that is told anyway needs no alert of its own.
      if (isTo && mostSent * 2 > packets) return;
      const column = isTo ? busy.in : busy.out;
      if (hosts.another(row, column, isTo) < options.seconds && share < 2) return;
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
      mostSent = 0;
      for (const row of hosts.rows) mostSent = Math.max(mostSent, hosts.word(row, busy.fromPackets));
      for (const row of hosts.rows) judge(row, false);
      for (const row of hosts.rows) if (!hosts.isGroup(row)) judge(row, true);
    };
    return { rate: (rate) => hosts.see(rate), tick: close, end: close };
  },
});
