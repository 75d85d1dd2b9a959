// Generated domains: one client asks for many registered domains that do not exist (MITRE T1568.002).
//
// Malicious programs draw names by the date until one answers. A crawler meets many dead names, too, but few per hundred.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds, share } from '../../detector.ts';
import { clientOf, communityAt, counted, fromHost, percent, serverOf, span } from '../../wording.ts';
import { readerOf } from '../message.ts';
import { nameServersOf } from '../name-servers.ts';
import { chosenLabel, oddness } from '../name-shape.ts';

const SINCE = 0;
const RAISED = 1;
const ODD = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

/** Ends of names that no registry sells: search lists of clients, private networks (RFC 6761, RFC 8375, ICANN). */
const privateEnds =
  /(?:^|\.)(?:local|lan|home|corp|internal|intranet|localdomain|localhost|workgroup|test|invalid|example|onion|arpa|belkin|dlink|router|fritz\.box|home\.arpa|wpad)$/;

export const dgaNx = defineDetector({
  name: 'dga.nx',
  title: 'Many domains that do not exist',
  version: 1,
  severity: 'medium',
  mitre: 'T1568.002',
  meaning: 'Malicious programs look for their masters under names drawn by date; most of those are not registered.',
  benign: 'Crawlers and mail servers meet dead domains; a wrong search list makes names that nobody has.',
  next: 'Look at the names: drawn ones look alike in length and letters. See which program asks.',
  options: {
    domains: count(10, 'Different registered domains that do not exist within `windowSec`'),
    windowSec: seconds(300, 'Window in which they are counted'),
    share: share(0.3, 'Share of all domains the client asked for'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    const servers = nameServersOf(around);
    // 512 clients: 60 bytes each, and 260 for domains that exist and that do not.
    const clients = table({
      capacity: 512,
      keyWords: 5,
      words: 3,
      doubles: 2,
      idleSec: at.windowSec,
      evicted: (row) => {
        missing.clear(row);
        found.clear(row);
      },
    });
    const missing = distinct(clients);
    const found = distinct(clients);
    const renew = (row: number, place: EventPlace): void => {
      const w = clients.words;
      const o = clients.at(row);
      if (now.sec - w[o + SINCE] <= at.windowSec) return;
      // What was raised is counted on, to be told at growth.
      if (w[o + RAISED] > 0 && now.sec - w[o + SINCE] <= 12 * at.windowSec) return;
      w[o + SINCE] = now.sec;
      w[o + RAISED] = w[o + ODD] = 0;
      missing.clear(row);
      found.clear(row);
      clients.doubles[row * 2 + FIRST_US] = place.timeUs;
      clients.doubles[row * 2 + FIRST_PACKET] = place.packet;
    };

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || !m.isResponse) return;
          const isMissing = m.rcode === 'NXDOMAIN';
          if ((!isMissing && m.rcode !== 'NOERROR') || !m.name.includes('.') || privateEnds.test(m.name)) return;
          const { ipVersion, c0, c1, c2, c3 } = place;
          const row = isMissing
            ? clients.claim(now.sec, ipVersion, c0, c1, c2, c3)
            : clients.find(ipVersion, c0, c1, c2, c3);
          if (row < 0) return;
          renew(row, place);
          const w = clients.words;
          const o = clients.at(row);
          const { registered } = m;
          const hash = hashText(registered);
          if (!isMissing) {
            found.add(row, hash);
            return;
          }
          if (!missing.add(row, hash)) return;
          if (oddness(chosenLabel(registered)) > 0) w[o + ODD]++;
          const domains = missing.count(row);
          clients.setWorth(row, domains);
          const limit = at.domains * servers.behind(place);
          const part = domains / (domains + found.count(row));
          if (domains < limit || part < at.share || domains < 2 * w[o + RAISED]) return;
          w[o + RAISED] = domains;
          const client = clientOf(place);
          const firstUs = clients.doubles[row * 2 + FIRST_US];
          raise({
            key: client,
            sources: [client],
            targets: [serverOf(place)],
            confidence: w[o + ODD] * 2 >= Math.min(domains, 48) ? 0.9 : 0.6,
            observed: domains,
            threshold: at.domains,
            unit: 'domains',
            count: domains,
            firstUs,
            firstPacket: clients.doubles[row * 2 + FIRST_PACKET],
            explain: `${client} asked for ${counted(domains, 'registered domain')} that do not exist in ${span(now.timeUs - firstUs)}, ${percent(part)} of all it asked for; the latest is ${registered}.`,
            against: w[o + ODD] === 0 ? 'None of the names looks drawn by lot.' : '',
            flows: [communityAt(place)],
            filter: `${fromHost(serverOf(place))} && dns.flags.rcode == 3`,
          });
        },
      },
    };
  },
});
