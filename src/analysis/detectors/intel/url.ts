// Web addresses on a list, with their query or without it (MITRE T1071.001).

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { clientOf, communityAt, counted, fromHost, serverOf } from '../wording.ts';
import { openHits } from './hits.ts';
import { plainUrl } from './indicators.ts';

export const intelUrl = defineDetector({
  name: 'intel.url',
  title: 'A web address on a list',
  version: 1,
  severity: 'high',
  mitre: 'T1071.001',
  meaning: 'Somebody has seen malicious content at this address.',
  benign: 'The content may be gone; people who analyse attacks fetch such addresses on purpose.',
  next: 'See what came back: type, size and hash of the file.',
  options: { times: count(1, 'Requests for a listed address') },
  open: (around) => {
    const { intel } = around;
    const hits = openHits(around, 512);

    const take = (event: AnyEvent, place: EventPlace): void => {
      const { hostname, port, url } = event;
      if (intel.lists.counts.url === 0 || place.only === 'log') return;
      if (typeof hostname !== 'string' || typeof url !== 'string') return;
      // A request to a proxy names the whole address.
      const isWhole = url.includes('://');
      const host = typeof port === 'number' && !hostname.includes(':') ? `${hostname}:${port}` : hostname;
      const plain = plainUrl(isWhole ? url : `${host}${url}`);
      if (plain === null) return;
      const query = plain.indexOf('?');
      const match =
        intel.lists.text('url', plain) ?? (query < 0 ? null : intel.lists.text('url', plain.slice(0, query)));
      if (match === null) return;
      const client = clientOf(place);
      const words = [place.ipVersion, place.c0, place.c1, place.c2, place.c3];
      hits.note(words, match, `${client} → ${match.indicator.slice(0, 200)}`, 3, (times) => ({
        sources: [client],
        targets: [serverOf(place)],
        explain: `${client} asked for ${match.indicator.slice(0, 200)}, which is on the list ${match.list.name} (${counted(times, 'time')}).`,
        flow: communityAt(place),
        filter: `${fromHost(client)} && http.request`,
      }));
    };

    return { events: { http: take, http2: take, http3: take } };
  },
});
