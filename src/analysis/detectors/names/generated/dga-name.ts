// Names that look drawn by lot, one by one: asked for in vain, or used by a host that no other host talks to.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost, span } from '../../wording.ts';
import { isDelivery, isLookup } from '../known-domains.ts';
import { readerOf } from '../message.ts';
import { chosenLabel, oddness } from '../name-shape.ts';
import { registeredDomain } from '../registered-domain.ts';

const SINCE = 0;
const POINTS = 1;
const RAISED = 2;

/** Addresses and names of one's own network are nobody's choice. */
const noDomain = /^[\d.:[\]]*$|\.(?:local|lan|home|corp|internal|arpa|localdomain)$/;

export const dgaName = defineDetector({
  name: 'dga.name',
  title: 'A domain that looks generated',
  version: 1,
  severity: 'low',
  mitre: 'T1568.002',
  meaning: 'People give names that can be spoken; programs that hide their master draw letters and digits.',
  benign: 'Short names of services, hashes in names of delivery networks, words of a language the model does not know.',
  next: 'See when the domain was registered and which program uses it.',
  options: {
    points: count(
      3,
      'Points of one client within `windowSec`: 1 for an odd name that does not exist, 3 for a very odd one that is used',
    ),
    windowSec: seconds(3600, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    const clients = table({ capacity: 512, keyWords: 5, words: 3, idleSec: at.windowSec });
    // 2,048 names that were seen already.
    const owners = table({ capacity: 2048, keyWords: 1, words: 1, idleSec: 24 * 3600 });

    /** Whether nobody has used the name before. */
    const isNews = (domain: string): boolean => {
      const row = owners.claim(now.sec, hashText(domain));
      if (row < 0) return false;
      return owners.words[owners.at(row)]++ === 0;
    };

    const take = (domain: string, points: number, how: string, filter: string, place: EventPlace): void => {
      const row = clients.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3);
      if (row < 0) return;
      const w = clients.words;
      const o = clients.at(row);
      if (now.sec - w[o + SINCE] > at.windowSec) {
        w[o + SINCE] = now.sec;
        w[o + POINTS] = w[o + RAISED] = 0;
      }
      w[o + POINTS] += points;
      const sum = w[o + POINTS];
      if (sum < at.points || sum < 2 * w[o + RAISED]) return;
      w[o + RAISED] = sum;
      const client = clientOf(place);
      raise({
        key: client,
        sources: [client],
        targets: [],
        confidence: 0.6,
        observed: sum,
        threshold: at.points,
        unit: 'points',
        explain: `${client} ${how} ${domain}, a name that looks drawn by lot (${counted(sum, 'point')} within ${span((now.sec - w[o + SINCE]) * 1e6)}).`,
        flows: [communityAt(place)],
        filter: `${fromHost(client)} && ${filter}`,
      });
    };

    /** A name that a client talks to. */
    const use = (host: unknown, filter: string, place: EventPlace): void => {
      if (typeof host !== 'string' || host.length > 255 || host.length < 8) return;
      const name = host.toLowerCase().replace(/:\d*$/, '');
      if (noDomain.test(name) || !name.includes('.')) return;
      const domain = registeredDomain(name);
      if (isDelivery(domain) || isLookup(domain) || oddness(chosenLabel(domain)) < 2) return;
      if (isNews(`used ${domain}`)) take(domain, 3, 'talked to', filter, place);
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || !m.isResponse || m.rcode !== 'NXDOMAIN' || noDomain.test(m.name)) return;
          const { registered } = m;
          // The rest of a longer name may be anything; here the domain itself has to be missing.
          if (!registered.includes('.') || isLookup(registered) || oddness(chosenLabel(registered)) === 0) return;
          if (isNews(registered)) take(registered, 1, 'asked in vain for', 'dns.flags.rcode == 3', place);
        },
        http: (event, place) => use(event.hostname ?? event.host, 'http', place),
        tls: (event, place) => use(event.sni, 'tls.handshake.type == 1', place),
      },
    };
  },
});
