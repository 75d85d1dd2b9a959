// DHCP flood: one client sends far more messages than it takes to get an address (RFC 2131 §4.1 asks it to wait
// longer each time).

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, serverOf, span } from '../../wording.ts';

const FIRST_SEC = 0;
const SEEN = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const dhcpFlood = defineDetector({
  name: 'l2.dhcp-flood',
  title: 'DHCP flood',
  version: 1,
  severity: 'medium',
  mitre: 'T1499',
  meaning: 'A DHCP server that is kept busy gives no addresses to others.',
  benign: 'A broken client or boot loader may ask without a pause when it gets no answer.',
  next: 'Find the port of the client’s hardware address and see whether the server still answers others.',
  options: {
    messages: count(100, 'DHCP messages of one client within `windowSec`'),
    windowSec: seconds(10, 'Window in which they are counted'),
  },
  open: ({ options, now, table, raise }) => {
    // 1,024 clients of 56 bytes.
    const clients = table({ capacity: 1024, keyWords: 1, words: 3, doubles: 2, idleSec: options.windowSec });
    return {
      events: {
        dhcp(event: AnyEvent, place: EventPlace): void {
          const mac = event.clientMac;
          if (place.only === 'log' || event.type !== 'request' || typeof mac !== 'string') return;
          const row = clients.claim(now.sec, hashText(mac));
          if (row < 0) return;
          const w = clients.words;
          const at = clients.at(row);
          if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
            w[at + FIRST_SEC] = now.sec;
            w[at + SEEN] = 0;
            w[at + RAISED] = 0;
            clients.doubles[2 * row + FIRST_US] = place.timeUs;
            clients.doubles[2 * row + FIRST_PACKET] = place.packet;
          }
          const seen = ++w[at + SEEN];
          if (seen < options.messages || seen < w[at + RAISED] * 2) return;
          w[at + RAISED] = seen;
          clients.setWorth(row, seen);
          tell(row, seen, mac, place);
        },
      },
    };

    function tell(row: number, seen: number, mac: string, place: EventPlace): void {
      const firstUs = clients.doubles[2 * row + FIRST_US];
      const took = span(place.timeUs - firstUs);
      raise({
        key: mac,
        sources: [],
        targets: [serverOf(place)],
        observed: seen,
        threshold: options.messages,
        unit: 'messages',
        firstUs,
        firstPacket: clients.doubles[2 * row + FIRST_PACKET],
        count: seen,
        explain: `The client ${mac} sent ${counted(seen, 'DHCP message')} in ${took}, limit ${options.messages}.`,
        filter: `dhcp.hw.mac_addr == ${mac}`,
      });
    }
  },
});
