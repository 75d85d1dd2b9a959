// Names on a list, or below one that is: asked for, and used (MITRE T1071).

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { clientOf, communityAt, counted, fromHost, serverOf } from '../wording.ts';
import { openHits } from './hits.ts';

export const intelDomain = defineDetector({
  name: 'intel.domain',
  title: 'A domain on a list',
  version: 1,
  severity: 'high',
  mitre: 'T1071',
  meaning: 'Somebody has seen the domain serve attacks, or command attacked hosts.',
  benign: 'Mail filters and people who analyse attacks ask for such names; a page may name them without their use.',
  next: 'See whether the client went on to talk to an address it got, and which program it was.',
  options: { times: count(1, 'Questions for a listed name, or conversations with it') },
  open: (around) => {
    const { intel } = around;
    const hits = openHits(around);

    const take = (name: unknown, how: string, level: 2 | 3, place: EventPlace, filter: string): void => {
      if (typeof name !== 'string' || intel.lists.counts.domain === 0 || place.only === 'log') return;
      const plain = name.toLowerCase().replace(/(?::\d{1,5})?\.?$/, '');
      const match = intel.lists.domain(plain);
      if (match === null) return;
      const client = clientOf(place);
      const host = [place.ipVersion, place.c0, place.c1, place.c2, place.c3];
      hits.note(host, match, `${client} → ${match.indicator}`, level, (times) => ({
        sources: [client],
        targets: [serverOf(place)],
        explain: `${client} ${how} ${plain}, which is on the list ${match.list.name}${plain === match.indicator ? '' : ` as ${match.indicator}`} (${counted(times, 'time')}).`,
        flow: communityAt(place),
        filter: `${fromHost(client)} && ${filter} contains "${match.indicator}"`,
      }));
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          if (event.type !== 'request' || !Array.isArray(event.queries)) return;
          for (const query of event.queries.slice(0, 4)) {
            take((query as AnyEvent).rrname, 'asked for', 2, place, 'dns.qry.name');
          }
        },
        tls: (event, place) => take(event.sni, 'talked to', 3, place, 'tls.handshake.extensions_server_name'),
        quic: (event, place) => take(event.sni, 'talked to', 3, place, 'tls.handshake.extensions_server_name'),
        http: (event, place) => take(event.hostname ?? event.host, 'talked to', 3, place, 'http.host'),
        http2: (event, place) => take(event.hostname, 'talked to', 3, place, 'http2.headers.authority'),
      },
    };
  },
});
