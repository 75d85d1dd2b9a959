// Domains that one host alone asks for, and nobody did before: rare, so of interest beside other findings.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { CountMin, hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost } from '../../wording.ts';
import { isDelivery, isLookup } from '../known-domains.ts';
import { readerOf } from '../message.ts';

const DOMAINS = 0;
const RAISED = 1;

export const newDomain = defineDetector({
  name: 'dns.new-domain',
  title: 'Domains nobody asked for before',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'What a whole network never used before and one host uses now may be the beginning of something.',
  benign: 'People look at new pages every day.',
  next: 'Look at the names together with other alerts of the host.',
  options: {
    domains: count(10, 'New domains of one client'),
    warmUpSec: seconds(24 * 3600, 'Time in which the domains of the network are learned'),
  },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    // Which domains were seen: 8,192 counters of 8 bytes, enough for some ten thousand domains.
    const seen = new CountMin(1 << 13);
    const clients = table({ capacity: 256, keyWords: 5, words: 2, idleSec: 24 * 3600 });
    let startSec = Number.NaN;
    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || m.isResponse || m.isReverse || !m.name.includes('.')) return;
          if (Number.isNaN(startSec)) startSec = now.sec;
          const { registered } = m;
          if (seen.add(hashText(registered)) > 1 || now.sec - startSec < at.warmUpSec) return;
          if (isDelivery(registered) || isLookup(registered)) return;
          const row = clients.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3);
          if (row < 0) return;
          const w = clients.words;
          const o = clients.at(row);
          const domains = ++w[o + DOMAINS];
          clients.setWorth(row, domains);
          if (domains < at.domains || domains < 2 * w[o + RAISED]) return;
          w[o + RAISED] = domains;
          const client = clientOf(place);
          raise({
            key: client,
            sources: [client],
            targets: [],
            observed: domains,
            threshold: at.domains,
            unit: 'domains',
            count: domains,
            explain: `${client} asked for ${counted(domains, 'domain')} that nobody here had asked for before, ${registered} the latest.`,
            flows: [communityAt(place)],
            filter: `${fromHost(client)} && dns.flags.response == 0`,
          });
        },
      },
    };
  },
});
