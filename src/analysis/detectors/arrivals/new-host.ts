// A host that was never here: a local IP address that takes part in a conversation for the first time after the
// network was learned.

import { type FlowSignal, formatAddress, moment } from '../../../core/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { communityOf, withHost } from '../wording.ts';
import { WarmUp } from './warm-up.ts';

export const newHost = defineDetector({
  name: 'new.host',
  title: 'New host',
  version: 1,
  severity: 'info',
  mitre: 'T1200',
  meaning: 'A local address that nobody used so far is in use.',
  benign: 'DHCP gave another address to a known device, or a host was switched off while the network was learned.',
  next: 'See which device has the address and whether it should be in this network.',
  options: {
    learnSec: seconds(3600, 'Time in which hosts are learned and none is told'),
    perHour: count(20, 'Hosts told in an hour at the most'),
  },
  open: ({ options, now, table, raise, network }) => {
    const warmUp = new WarmUp(options.learnSec, options.perHour);
    // 8,192 hosts of 32 bytes; once one had to give way nobody is new any more.
    const hosts = table({ capacity: 8192, keyWords: 5, idleSec: Number.MAX_SAFE_INTEGER });
    return {
      // A conversation with an answer: both ends are there.
      moments: moment.answered | moment.rejected,
      tick: (sec) => warmUp.tick(sec),
      flow(s: FlowSignal): void {
        see(s, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
        see(s, s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      },
    };

    function see(s: FlowSignal, ip: number, a: number, b: number, c: number, d: number): void {
      if (!network.isLocal(ip, a, b, c, d) || isGroupOrPrivate(ip, a, c, d)) return;
      if (hosts.find(ip, a, b, c, d) >= 0) return;
      const row = hosts.claim(now.sec, ip, a, b, c, d);
      if (row < 0 || hosts.evictions + hosts.refusals > 0 || !warmUp.mayTell(now.sec)) return;
      const host = formatAddress(ip, a, b, c, d);
      raise({
        key: host,
        sources: [host],
        targets: [],
        observed: 1,
        threshold: 1,
        unit: 'hosts',
        explain: `The host ${host} was not seen before; ${hosts.used - 1} others were.`,
        flows: [communityOf(s)],
        filter: withHost(host),
      });
    }
  },
});

/** Multicast, and IPv6 addresses that hosts make up anew each day (RFC 8981): all that are not made of a MAC address. */
function isGroupOrPrivate(ip: number, a: number, c: number, d: number): boolean {
  if (ip === 4) return a >>> 24 >= 224 || a === 0;
  return a >>> 24 === 0xff || (c & 0xff) !== 0xff || d >>> 24 !== 0xfe;
}
