// Zone transfer (AXFR, RFC 5936; IXFR, RFC 1995): all names of a domain at once, of use to secondaries and to attackers.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../../wording.ts';
import { readerOf } from '../message.ts';

const QUESTIONS = 0;
const RECORDS = 1;
const RAISED = 2;

export const transfer = defineDetector({
  name: 'dns.zone-transfer',
  title: 'Zone transfer',
  version: 1,
  severity: 'medium',
  mitre: 'T1590.002',
  meaning: 'The whole zone tells an attacker every host there is.',
  benign: 'Secondary name servers fetch their zones in this way.',
  next: 'If the client is no secondary of the domain, allow transfers only to those that are.',
  options: { questions: count(1, 'Questions for a whole zone') },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    const pairs = table({ capacity: 256, keyWords: 6, words: 3, idleSec: 24 * 3600 });
    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || (m.type !== 'AXFR' && m.type !== 'IXFR')) return;
          const server = place.s0 ^ (place.s1 << 1) ^ (place.s2 << 2) ^ (place.s3 << 3);
          const row = pairs.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3, server);
          if (row < 0) return;
          const w = pairs.words;
          const o = pairs.at(row);
          if (m.isResponse) w[o + RECORDS] = Math.min(1e9, w[o + RECORDS] + m.answers.length);
          else w[o + QUESTIONS]++;
          const questions = Math.max(1, w[o + QUESTIONS]);
          const records = w[o + RECORDS];
          const score = questions + records;
          // One record alone is the answer to an IXFR that there is nothing new.
          const isGiven = records > 1;
          if (questions < at.questions || score < 2 * w[o + RAISED]) return;
          w[o + RAISED] = score;
          const client = clientOf(place);
          const target = serverOf(place);
          raise({
            key: `${client} → ${target}`,
            sources: [client],
            targets: [target],
            severity: isGiven ? 'medium' : 'low',
            observed: questions,
            threshold: at.questions,
            unit: 'transfers',
            count: questions,
            explain: `${client} asked ${target} for all of ${m.name}${isGiven ? `, and got ${counted(records, 'record')} or more` : ''}.`,
            against: isGiven ? '' : 'No records were seen to come back.',
            flows: [communityAt(place)],
            filter: `${betweenHosts(client, target)} && (dns.qry.type == 252 || dns.qry.type == 251)`,
          });
        },
      },
    };
  },
});
