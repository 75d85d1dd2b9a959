// Text records that read like data: orders for a program come in TXT answers of high entropy.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost, serverOf, span } from '../../wording.ts';
import { isDelivery, isLookup } from '../known-domains.ts';
import { type NameMessage, readerOf } from '../message.ts';
import { entropy } from '../name-shape.ts';
import { quoted, tunnelDomainsOf } from './tunnel-domains.ts';

const SINCE = 0;
const ANSWERS = 1;
const RAISED = 2;

/** What mail and certificates keep in text (RFC 6376, 7208, 7489, 8555, 8461) and how domains are verified. */
const published =
  /^(?:v=|k=rsa|p=|t=|"?v=|[a-z0-9-]{2,60}(?:verification|site|domain|token|verify)[a-z0-9-]{0,40}[=:])/i;
const publishedBelow = /(?:^|\.)_[a-z]|_domainkey|verif/;

/** Findings that wait whether they turn out to be part of a tunnel. */
const waitingMost = 64;

export const textEntropy = defineDetector({
  name: 'dns.txt-entropy',
  title: 'Text records that look like data',
  version: 1,
  severity: 'low',
  mitre: 'T1071.004',
  meaning: 'Malicious programs fetch orders and parts of themselves as TXT records, encoded and encrypted.',
  benign: 'Keys for mail and certificates, and proofs that a domain is owned, are text of the same kind.',
  next: 'See which program of the client asks for the domain, and decode one of the texts.',
  options: {
    answers: count(3, 'Answers of such text from one domain within `windowSec`'),
    windowSec: seconds(600, 'Window in which they are counted'),
    tenthsOfBits: count(50, 'Entropy of a text in tenths of bits a character'),
    delaySec: seconds(30, 'Wait whether it becomes a tunnel, which is told instead'),
  },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    const tunnels = tunnelDomainsOf(around);
    // 512 pairs of client and domain.
    const pairs = table({ capacity: 512, keyWords: 6, words: 3, idleSec: at.windowSec });
    const waiting = new Map<
      string,
      { readonly dueSec: number; readonly domainHash: number; readonly tell: () => void }
    >();

    const flush = (sec: number): void => {
      for (const [key, one] of waiting) {
        if (sec < one.dueSec) continue;
        waiting.delete(key);
        if (!tunnels.has(one.domainHash)) one.tell();
      }
    };

    const isOdd = (m: NameMessage): boolean => {
      if (!m.isResponse || m.ownedAt < 2 || m.answers.length === 0 || publishedBelow.test(m.below)) return false;
      if (isLookup(m.registered) || isDelivery(m.registered)) return false;
      return m.answers.some(
        ({ type, data }) =>
          type === 'TXT' && data.length >= 32 && !published.test(data) && 10 * entropy(data) >= at.tenthsOfBits,
      );
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || m.type !== 'TXT' || !isOdd(m)) return;
          const row = pairs.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3, m.ownedHash);
          if (row < 0) return;
          const w = pairs.words;
          const o = pairs.at(row);
          if (now.sec - w[o + SINCE] > at.windowSec) {
            w[o + SINCE] = now.sec;
            w[o + ANSWERS] = w[o + RAISED] = 0;
          }
          const answers = ++w[o + ANSWERS];
          if (answers < at.answers || answers < 2 * w[o + RAISED]) return;
          w[o + RAISED] = answers;
          const client = clientOf(place);
          const { owned, ownedHash } = m;
          const key = `${client} → ${owned}`;
          if (!waiting.has(key) && waiting.size >= waitingMost) return;
          const evidence = {
            key,
            sources: [client],
            targets: [serverOf(place)],
            observed: answers,
            threshold: at.answers,
            unit: 'answers',
            count: answers,
            firstUs: place.timeUs,
            firstPacket: place.packet,
            packets: [place.packet],
            explain: `${client} got ${counted(answers, 'text record')} below ${owned} within ${span((now.sec - w[o + SINCE]) * 1e6)} that read like data (${at.tenthsOfBits / 10} bits a character or more).`,
            flows: [communityAt(place)],
            filter: `${fromHost(client)} && dns.txt && dns.qry.name contains "${quoted(owned)}"`,
          };
          const dueSec = waiting.get(key)?.dueSec ?? now.sec + at.delaySec;
          waiting.set(key, { dueSec, domainHash: ownedHash, tell: () => raise(evidence) });
        },
      },
      tick: flush,
      end: () => flush(Number.POSITIVE_INFINITY),
    };
  },
});
