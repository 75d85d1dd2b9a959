// Which name servers a client asks: too many, others than DHCP gave it (RFC 2132 §3.8), or at a port of their own.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText, hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, fromHost, serverOf, span } from '../../wording.ts';
import { isAlone, readerOf } from '../message.ts';
import { nameServersOf } from '../name-servers.ts';

const port = 53;
/** Ports of names in the local network, at which DNS is spoken as well. */
const localPorts = new Set([137, 5353, 5355, 853, 784, 8853]);

const SINCE = 0;
const RAISED = 1;
const GIVEN = 2;

export const resolvers = defineDetector({
  name: 'dns.resolver',
  title: 'Unusual name servers',
  version: 1,
  severity: 'low',
  mitre: 'T1071.004',
  meaning: 'Who asks name servers of his own goes around filters; malicious programs bring theirs along.',
  benign: 'People choose a public resolver; phones keep those of another network; tools compare name servers.',
  next: 'See which program asks, and whether the name servers are known.',
  options: {
    resolvers: count(5, 'Name servers that a client may have within `windowSec`'),
    windowSec: seconds(3600, 'Window in which they are counted'),
    questions: count(5, 'Questions to a name server at a port of its own, or that DHCP did not give'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    const servers = nameServersOf(around);
    // 256 clients with 260 bytes for their name servers: 80 KiB.
    const clients = table({
      capacity: 256,
      keyWords: 5,
      words: 3,
      idleSec: at.windowSec,
      evicted: (row) => asked.clear(row),
    });
    const asked = distinct(clients);
    // 256 pairs of client and a name server that is odd in itself.
    const odd = table({ capacity: 256, keyWords: 6, words: 2, idleSec: at.windowSec });
    // What DHCP gave: 2,048 pairs of client and name server, by hash.
    const given = table({ capacity: 2048, keyWords: 2, idleSec: 7 * 24 * 3600 });
    const leased = table({ capacity: 1024, keyWords: 1, idleSec: 7 * 24 * 3600 });

    const noteOdd = (place: EventPlace, why: string, severity: 'info' | 'low', filter: string): void => {
      const server = hashWords(place.s0, place.s1, place.s2, place.s3, place.sPort);
      const row = odd.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3, server);
      if (row < 0) return;
      const w = odd.words;
      const o = odd.at(row);
      const questions = ++w[o];
      if (questions < at.questions || questions < 2 * w[o + 1]) return;
      w[o + 1] = questions;
      const client = clientOf(place);
      const target = serverOf(place);
      raise({
        key: `${client} → ${target}:${place.sPort}`,
        sources: [client],
        targets: [target],
        severity,
        observed: questions,
        threshold: at.questions,
        unit: 'questions',
        count: questions,
        explain: `${client} asked ${target} for names (${counted(questions, 'question')}), ${why}.`,
        flows: [communityAt(place)],
        filter: `${betweenHosts(client, target)} && ${filter}`,
      });
    };

    const noteMany = (place: EventPlace): void => {
      const row = clients.claim(now.sec, place.ipVersion, place.c0, place.c1, place.c2, place.c3);
      if (row < 0) return;
      const w = clients.words;
      const o = clients.at(row);
      if (now.sec - w[o + SINCE] > at.windowSec) {
        w[o + SINCE] = now.sec;
        w[o + RAISED] = w[o + GIVEN] = 0;
        asked.clear(row);
      }
      if (!asked.add(row, hashWords(place.ipVersion, place.s0, place.s1, place.s2, place.s3))) return;
      const many = asked.count(row);
      clients.setWorth(row, many > 1 ? many : 0);
      // A resolver for others forwards to several.
      if (many <= at.resolvers || many < 2 * w[o + RAISED] || servers.behind(place) > 1) return;
      w[o + RAISED] = many;
      const client = clientOf(place);
      raise({
        key: client,
        sources: [client],
        targets: [],
        observed: many,
        threshold: at.resolvers,
        unit: 'name servers',
        count: many,
        explain: `${client} asked ${counted(many, 'name server')} within ${span((now.sec - w[o + SINCE]) * 1e6)}, more than ${at.resolvers}.`,
        flows: [communityAt(place)],
        filter: `${fromHost(client)} && dns.flags.response == 0`,
      });
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || isAlone(place)) return;
          if (place.sPort !== port) {
            // Only what is answered is a name server.
            const isOther = m.isResponse && !localPorts.has(place.sPort) && !localPorts.has(place.cPort);
            if (isOther)
              noteOdd(
                place,
                `at port ${place.sPort}`,
                'low',
                `(udp.port == ${place.sPort} || tcp.port == ${place.sPort})`,
              );
            return;
          }
          if (m.isResponse || !m.wantsRecursion) return;
          servers.note(place, now.sec);
          noteMany(place);
          const client = hashText(clientOf(place));
          if (leased.used === 0 || leased.find(client) < 0) return;
          if (given.find(client, hashText(serverOf(place))) < 0)
            noteOdd(place, 'which DHCP did not give it', 'info', 'dns');
        },
        dhcp(event: AnyEvent): void {
          const address = event.assignedIp;
          if (typeof address !== 'string' || address === '0.0.0.0' || !Array.isArray(event.dnsServers)) return;
          const client = hashText(address);
          leased.claim(now.sec, client);
          for (const one of event.dnsServers.slice(0, 8))
            if (typeof one === 'string') given.claim(now.sec, client, hashText(one));
        },
      },
    };
  },
});
