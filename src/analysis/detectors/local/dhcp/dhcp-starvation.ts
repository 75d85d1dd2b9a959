// DHCP starvation: very many clients that never were ask for addresses, until none is left (RFC 2131 §7).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { counted, grouped, percent, span } from '../../wording.ts';

/** Slots of the distinct counter: clients that ask, makers of their hardware addresses, clients that got a lease. */
const ASKING = 0;
const MAKERS = 1;
const GIVEN = 2;

export const dhcpStarvation = defineDetector({
  name: 'l2.dhcp-starve',
  title: 'DHCP starvation',
  version: 1,
  severity: 'high',
  mitre: 'T1499.001',
  meaning: 'When all addresses are given away, new hosts get none, or take one from the attacker’s own server.',
  benign: 'Many hosts that start at once, in a classroom or after a power cut: their leases complete.',
  next: 'See how many leases the server has left, and find the switch port that all these clients are behind.',
  options: {
    clients: count(50, 'Different clients within `windowSec` most of which get no lease'),
    leasedClients: count(200, 'Different clients of made-up makers within `windowSec`, even when they get leases'),
    windowSec: seconds(60, 'Window in which they are counted'),
    leases: share(0.5, 'Part of the clients that got a lease, from which on they count as true'),
    makers: share(0.6, 'Different makers per client, from which on hardware addresses count as made up'),
  },
  open: ({ options, now, distinct, raise }) => {
    const seen = distinct(4);
    let firstSec = Number.NEGATIVE_INFINITY;
    let firstUs = 0;
    let firstPacket = 0;
    let raised = 0;
    return {
      events: {
        dhcp(event: AnyEvent, place: EventPlace): void {
          const mac = event.clientMac;
          if (place.only === 'log' || typeof mac !== 'string') return;
          if (now.sec - firstSec > options.windowSec) begin(place);
          if (event.dhcpType === 'ack') seen.add(GIVEN, hashText(mac));
          if (event.dhcpType !== 'discover' && event.dhcpType !== 'request') return;
          if (!seen.add(ASKING, hashText(mac))) return;
          seen.add(MAKERS, hashText(mac.slice(0, 8)));
          judge(place);
        },
      },
    };

    function begin(place: EventPlace): void {
      firstSec = now.sec;
      firstUs = place.timeUs;
      firstPacket = place.packet;
      raised = 0;
      for (const slot of [ASKING, MAKERS, GIVEN]) seen.clear(slot);
    }

    function judge(place: EventPlace): void {
      const clients = seen.count(ASKING);
      if (clients < options.clients || clients < 2 * raised) return;
      const given = seen.count(GIVEN);
      const makers = seen.count(MAKERS);
      const isTrue = given >= options.leases * clients;
      if (isTrue && (clients < options.leasedClients || makers < options.makers * clients)) return;
      raised = clients;
      raise({
        key: 'DHCP',
        sources: [],
        targets: [],
        observed: clients,
        threshold: isTrue ? options.leasedClients : options.clients,
        unit: 'clients',
        firstUs,
        firstPacket,
        count: clients,
        explain: `${counted(clients, 'client')} of ${grouped(makers)} makers asked for an address in ${span(place.timeUs - firstUs)}; ${grouped(given)} got a lease.`,
        against: isTrue ? `${percent(given / clients)} of them got a lease.` : '',
        filter: 'dhcp.option.dhcp == 1 || dhcp.option.dhcp == 3',
      });
    }
  },
});
