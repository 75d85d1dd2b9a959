// HTTP request smuggling (RFC 9112 §11.2): headers that come twice, so that two servers see two different requests.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { readerOf } from './attack.ts';

export const smuggling = defineDetector({
  name: 'web.smuggling',
  title: 'Ambiguous HTTP request',
  version: 1,
  severity: 'medium',
  mitre: 'T1190',
  meaning: 'A proxy and the server behind it may take different ends or hosts: what is hidden passes all its rules.',
  benign: 'Programs that write their headers badly.',
  next: 'See whether there is a proxy before the server, and what answers came back.',
  options: { requests: count(1, 'Requests before it is told') },
  open: (around) => {
    const { options, now, table, raise } = around;
    const reader = readerOf(around);
    const seen = new Repeats(table(repeatsTable(256)), now);
    return {
      events: {
        http_request(event: AnyEvent, at: EventPlace): void {
          const { twice, method, shown } = reader.of(event);
          if (twice === '') return;
          const repeated = seen.pair(at, 0, options.requests);
          if (repeated === null) return;
          const client = clientOf(at);
          const server = serverOf(at);
          const isBoth = twice.includes(' and ');
          raise({
            key: `${client} → ${server}`,
            sources: [client],
            targets: [server],
            observed: repeated.count,
            threshold: options.requests,
            unit: 'requests',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${client} sent ${counted(repeated.count, 'request')} to ${server}:${at.sPort} with ${isBoth ? twice : `two different ${twice} headers`}: ${method} ${shown}`,
            flows: [communityAt(at)],
            filter: `${betweenHosts(client, server)} && http.request`,
          });
        },
      },
    };
  },
});
