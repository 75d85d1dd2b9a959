// DNS rebinding: a name answers with a public address first and with one of the inner network soon after (RFC 6761 aside).
//
// A page loaded from the first address may then reach the second one, because for the browser both are one site.

import { type AnyEvent, type EventPlace, formatAddress } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, serverOf, span } from '../../wording.ts';
import { isDelivery } from '../known-domains.ts';
import { type NameMessage, readerOf } from '../message.ts';
import { quoted } from '../tunnels/tunnel-domains.ts';
import type { AnsweredAddress } from './addresses.ts';

const SINCE = 0;
const SERVER = 1;
const RAISED = 2;
const PACKET = 0;

/** Names that mean the inner network anyway, and services that give inner addresses a public name by design. */
const innerNames =
  /(?:^|\.)(?:local|lan|home|corp|internal|localhost|localdomain|test|arpa|plex\.direct|nip\.io|sslip\.io|xip\.io|traefik\.me|lvh\.me|localtest\.me|vcap\.me)$/;

export const rebinding = defineDetector({
  name: 'dns.rebinding',
  title: 'DNS rebinding',
  version: 1,
  severity: 'medium',
  mitre: 'T1557',
  meaning: 'A web page can reach devices of the inner network when its own name suddenly means their addresses.',
  benign: 'Networks that answer a name differently from inside and outside, while a laptop changes between them.',
  next: 'See who owns the domain, and what the client sent to the inner address.',
  options: {
    windowSec: seconds(600, 'Longest time between the public and the inner address'),
    ttlSec: seconds(60, 'Longest time that the public answer may be kept'),
    times: count(1, 'Times that a name changed'),
  },
  open: (around) => {
    const { options: at, now, table, raise } = around;
    const reader = readerOf(around);
    // 2,048 names with short-lived public addresses, by name and client.
    const lookups = table({ capacity: 2048, keyWords: 6, words: 3, doubles: 1, idleSec: at.windowSec });

    const tell = (m: NameMessage, inner: AnsweredAddress, place: EventPlace, sec: number, packet: number): void => {
      const client = clientOf(place);
      raise({
        key: `${client} ${m.name}`,
        sources: [serverOf(place)],
        targets: [client],
        observed: 1,
        threshold: at.times,
        unit: 'changes',
        firstPacket: packet,
        packets: [packet],
        explain: `${m.name} answered ${client} with a public address, and with ${formatAddress(inner.ipVersion, ...inner.words)} ${span(sec * 1e6)} later.`,
        flows: [communityAt(place)],
        filter: `dns.qry.name == "${quoted(m.name)}" && dns.flags.response == 1`,
      });
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (
            m === null ||
            m.answers.length === 0 ||
            isDelivery(m.registered) ||
            innerNames.test(m.name) ||
            !m.name.includes('.')
          )
            return;
          const first = m.addresses;
          const inner = first.find((one) => one.isInner);
          const isPublic = first.some((one) => one.isPublic);
          const { ipVersion, c0, c1, c2, c3 } = place;
          const server = hashWords(place.s0, place.s1, place.s2, place.s3);
          if (isPublic && inner === undefined) {
            if (!m.answers.some(({ ttlSec }) => ttlSec <= at.ttlSec)) return;
            const row = lookups.claim(now.sec, ipVersion, c0, c1, c2, c3, m.nameHash);
            if (row < 0) return;
            lookups.words[lookups.at(row) + SINCE] = now.sec;
            lookups.words[lookups.at(row) + SERVER] = server;
            lookups.doubles[row + PACKET] = place.packet;
            return;
          }
          if (inner === undefined) return;
          if (isPublic) {
            // Both at once: the browser takes the second when the first does not answer.
            if (m.answers.some(({ ttlSec }) => ttlSec <= at.ttlSec)) tell(m, inner, place, 0, place.packet);
            return;
          }
          const row = lookups.find(ipVersion, c0, c1, c2, c3, m.nameHash);
          if (row < 0) return;
          const o = lookups.at(row);
          const old = now.sec - lookups.words[o + SINCE];
          // Another resolver may see the name from inside.
          if (old > at.windowSec || lookups.words[o + SERVER] !== server || lookups.words[o + RAISED] !== 0) return;
          lookups.words[o + RAISED] = 1;
          tell(m, inner, place, old, lookups.doubles[row + PACKET]);
        },
      },
    };
  },
});
