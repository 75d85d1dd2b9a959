// Name servers that answer for names that do not exist (NXDOMAIN hijacking, RFC 4924 §2.5.2): the client is led to a search
// page, or to whoever pays for it.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost, serverOf } from '../../wording.ts';
import { readerOf } from '../message.ts';
import { chosenLabel, oddness } from '../name-shape.ts';
import { registeredDomain } from '../registered-domain.ts';

/** Odd names that got an address lately. */
const latestMost = 32;
/** Characters of a target in which a name is looked for. */
const urlMost = 2048;

interface Latest {
  readonly domain: string;
  readonly client: number;
  readonly server: string;
  readonly sec: number;
  readonly packet: number;
}

const RAISED = 0;

export const hijack = defineDetector({
  name: 'dns.hijack',
  title: 'Answers for names that do not exist',
  version: 1,
  severity: 'low',
  mitre: 'T1557',
  meaning: 'A name server that makes up addresses sees what its clients mistype, and may lead them anywhere.',
  benign: 'Providers show a search page instead of an error; domain parking answers for every name that expired.',
  next: 'Ask another name server for the same name, and compare.',
  options: {
    names: count(5, 'Different odd domains with one address'),
    windowSec: seconds(30, 'Longest time between the answer and the search page'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    const latest: Latest[] = [];
    // 128 addresses with 260 bytes for the odd domains that got them.
    const addresses = table({
      capacity: 128,
      keyWords: 5,
      words: 1,
      idleSec: 3600,
      evicted: (row) => domains.clear(row),
    });
    const domains = distinct(addresses);
    const who = (place: EventPlace): number => hashWords(place.ipVersion, place.c0, place.c1, place.c2, place.c3);

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || m.answers.length === 0 || m.registeredAt !== 0 || oddness(chosenLabel(m.name)) < 2) return;
          // An alias belongs to somebody.
          if (m.answers.some(({ type }) => type === 'CNAME')) return;
          const address = m.addresses.find((one) => one.isPublic);
          if (address === undefined) return;
          latest.push({
            domain: m.name,
            client: who(place),
            server: serverOf(place),
            sec: now.sec,
            packet: place.packet,
          });
          if (latest.length > latestMost) latest.shift();
          const row = addresses.claim(now.sec, address.ipVersion, ...address.words);
          if (row < 0 || !domains.add(row, m.nameHash)) return;
          const seen = domains.count(row);
          const o = addresses.at(row) + RAISED;
          if (seen < at.names || seen < 2 * addresses.words[o]) return;
          addresses.words[o] = seen;
          raise({
            key: serverOf(place),
            sources: [serverOf(place)],
            targets: [clientOf(place)],
            confidence: 0.6,
            observed: seen,
            threshold: at.names,
            unit: 'domains',
            count: seen,
            explain: `${serverOf(place)} gave one address for ${counted(seen, 'domain')} that look drawn by lot, ${m.name} the latest.`,
            flows: [communityAt(place)],
            filter: `${fromHost(serverOf(place))} && dns.flags.response == 1`,
          });
        },
        http(event: AnyEvent, place: EventPlace): void {
          if (latest.length === 0 || typeof event.url !== 'string') return;
          const url = event.url.slice(0, urlMost).toLowerCase();
          const client = who(place);
          const one = latest.find(
            ({ domain, client: c, sec }) => c === client && now.sec - sec <= at.windowSec && url.includes(domain),
          );
          const host = typeof event.hostname === 'string' ? event.hostname.toLowerCase() : '';
          if (one === undefined || host === '' || registeredDomain(host) === one.domain) return;
          latest.splice(latest.indexOf(one), 1);
          raise({
            key: one.server,
            sources: [one.server],
            targets: [clientOf(place)],
            confidence: 0.8,
            observed: 1,
            threshold: 1,
            unit: 'domains',
            firstPacket: one.packet,
            packets: [one.packet],
            explain: `${one.server} gave an address for ${one.domain}, and what was there sent ${clientOf(place)} on to ${host} with that name to search for.`,
            flows: [communityAt(place)],
            filter: `dns.qry.name == "${one.domain.replace(/[^a-z0-9._-]/g, '')}" || http.host == "${host.replace(/[^a-z0-9._-]/g, '')}"`,
          });
        },
      },
    };
  },
});
