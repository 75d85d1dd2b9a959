// HTTP CONNECT (RFC 9110 §9.3.6) to a port that is not the web's: a proxy used as a way to anything.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { hashText } from '../../sketches/index.ts';
import { count, defineDetector } from '../detector.ts';
import { clientOf, communityAt, serverOf, withHost } from '../wording.ts';

/** Ports that browsers reach over proxies: HTTPS, its usual other port, push services of phones. */
const usual = new Set([443, 8443, 80, 5223, 5228]);

/** Port of `host:port`, -1 when there is none. */
function portOf(target: string): number {
  const colon = target.lastIndexOf(':');
  const port = Number(target.slice(colon + 1));
  return colon > 0 && Number.isInteger(port) && port > 0 && port < 65_536 ? port : -1;
}

export const httpConnect = defineDetector({
  name: 'tunnel.http-connect',
  title: 'Tunnel through an HTTP proxy',
  version: 1,
  severity: 'low',
  mitre: 'T1090',
  meaning: 'Through CONNECT a proxy carries any protocol: remote access or stolen data look like web traffic.',
  benign: 'Mail or chat programs that are set to use the proxy.',
  next: 'See whether the proxy allowed it (status 200) and what was carried.',
  options: { requests: count(1, 'Such requests of one client') },
  open: ({ options, now, table, raise }) => {
    // 512 clients and targets at the most.
    const told = table({ capacity: 512, keyWords: 6, words: 2, idleSec: 3600 });
    return {
      events: {
        http(event: AnyEvent, place: EventPlace): void {
          if (event.method !== 'CONNECT' || place.only === 'eve') return;
          const target = typeof event.url === 'string' ? event.url.slice(0, 255) : '';
          const port = portOf(target);
          if (port < 0 || usual.has(port)) return;
          const row = told.claim(now.sec, place.c0, place.c1, place.c2, place.c3, hashText(target));
          if (row < 0) return;
          const at = told.at(row);
          const n = ++told.words[at];
          if (n < options.requests || n < told.words[at + 1] * 2) return;
          told.words[at + 1] = n;
          const client = clientOf(place);
          const isAllowed = event.status === 200 || event.statusCode === 200;
          raise({
            key: `${client} ${target}`,
            sources: [client],
            targets: [serverOf(place)],
            severity: isAllowed ? 'low' : 'info',
            observed: n,
            threshold: options.requests,
            unit: 'requests',
            count: n,
            explain: `${client} asked proxy ${serverOf(place)} for a tunnel to ${target}, ${isAllowed ? 'and got it' : 'in vain'}.`,
            flows: [communityAt(place)],
            filter: `${withHost(client)} && http.request.method == "CONNECT"`,
          });
        },
      },
    };
  },
});
