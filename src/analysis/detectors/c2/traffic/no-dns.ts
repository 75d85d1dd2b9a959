// Addresses that nobody asked a name server for: programs of people go by names, some malware does not.

import {
  type AnyEvent,
  type EventPlace,
  type FlowSignal,
  ipProto,
  moment,
  parseAddress,
} from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, fromHost, grouped, originator, responder } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal } from '../parties.ts';

const FIRST_SEC = 0;
const ANSWERS = 1;
const RAISED = 2;

/** Records of one answer that are read. */
const recordsMost = 32;

export const noDns = defineDetector({
  name: 'c2.no-dns',
  title: 'Connections without a name',
  version: 1,
  severity: 'info',
  mitre: 'T1071',
  meaning: 'Whoever connects to an address that no name server told has it from elsewhere: a list inside the program.',
  benign: 'Games, calls and peer-to-peer programs learn addresses from each other; names are also asked for encrypted.',
  next: 'See to whom the addresses belong, and which program connects there.',
  options: {
    addresses: count(3, 'Different addresses'),
    answers: count(10, 'Answers of name servers that the host must have got before, so that it is known to ask here'),
    learningSec: seconds(1800, 'Time after its first answer in which nothing is said'),
  },
  open: ({ options, network, now, table, distinct, raise }) => {
    /** Addresses that were told: 32,768 rows of 20 bytes, an hour long. */
    const known = table({ capacity: 32_768, keyWords: 2, idleSec: 3600 });
    /** Hosts that ask: 1,024 rows of 44 bytes, and 260 for the addresses of each. */
    const hosts = table({ capacity: 1024, keyWords: 2, words: 3, idleSec: 24 * 3600 });
    const strange = distinct(hosts);

    const learn = (event: AnyEvent, place: EventPlace): void => {
      const { results } = event;
      if (place.only !== 'log' || !Array.isArray(results) || results.length === 0) return;
      for (const text of results.slice(0, recordsMost)) {
        const address = typeof text === 'string' && text.length < 46 ? parseAddress(text) : null;
        if (address === null) continue;
        const [a, b, c, d] = address.words;
        known.claim(now.sec, hashWords(a, b, c, d), hashWords(d, c, b, a, 1));
      }
      const row = hosts.claim(
        now.sec,
        hashWords(place.c0, place.c1, place.c2, place.c3),
        hashWords(place.c3, place.c2, place.c1, place.c0, 1),
      );
      if (row < 0) return;
      const at = hosts.at(row);
      if (hosts.words[at + ANSWERS]++ === 0) hosts.words[at + FIRST_SEC] = now.sec;
      hosts.setWorth(row, hosts.words[at + ANSWERS]);
    };

    return {
      moments: moment.established,
      events: { dns: learn },
      flow(s: FlowSignal): void {
        if (hosts.used === 0 || s.proto !== ipProto.tcp || !isOfInterest(s)) return;
        if (isToLocal(network, s) || !isFromLocal(network, s)) return;
        const row = hosts.find(hashWords(s.o0, s.o1, s.o2, s.o3), hashWords(s.o3, s.o2, s.o1, s.o0, 1));
        if (row < 0) return;
        const w = hosts.words;
        const at = hosts.at(row);
        if (w[at + ANSWERS] < options.answers || now.sec - w[at + FIRST_SEC] < options.learningSec) return;
        const hash = hashWords(s.r0, s.r1, s.r2, s.r3);
        if (known.find(hash, hashWords(s.r3, s.r2, s.r1, s.r0, 1)) >= 0) return;
        if (!strange.add(row, hash)) return;
        const seen = strange.count(row);
        if (seen < options.addresses || seen < w[at + RAISED] * 2) return;
        w[at + RAISED] = seen;
        const client = originator(s);
        raise({
          key: client,
          sources: [client],
          targets: [responder(s)],
          observed: seen,
          threshold: options.addresses,
          unit: 'addresses',
          flows: [communityOf(s)],
          explain: `${client} connected to ${grouped(seen)} addresses that no name server had told within the hour, lastly ${responder(
            s,
          )} port ${s.rPort}.`,
          filter: `${fromHost(client)} && tcp.flags.syn == 1`,
        });
      },
    };
  },
});
