// Poisoned name answers: a host says that it is whoever is asked for (LLMNR, RFC 4795; NetBIOS, RFC 1002; multicast
// DNS, RFC 6762), to be given the passwords of those who believe it.

import { type AnyEvent, type EventPlace, parseAddress } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, fromHost, serverOf } from '../../wording.ts';

const FIRST_SEC = 0;
const RAISED = 1;
const FIRST_US = 0;
const FIRST_PACKET = 1;
/** Records looked at of one message; characters of a name that count. */
const recordLimit = 32;
const nameLimit = 255;

export const answerPoison = defineDetector({
  name: 'l2.llmnr-poison',
  title: 'Poisoned name answers',
  version: 1,
  severity: 'high',
  mitre: 'T1557.001',
  meaning:
    'Who answers to every name receives the connections, and with them password hashes, of hosts that mistyped a name.',
  benign: 'A WINS server or a Bonjour proxy answers for others, a host with several names for itself.',
  next: 'See whether the host answers to made-up names as well; switch off LLMNR and NetBIOS names.',
  options: {
    names: count(3, 'Different names answered with its own address within `windowSec`'),
    windowSec: seconds(3600, 'Window in which they are counted'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    // 512 hosts, 44 bytes each and a distinct counter of 260.
    const hosts = table({ capacity: 512, keyWords: 1, words: 2, doubles: 2, idleSec: options.windowSec });
    const answered = distinct(hosts);
    const records = (list: unknown, place: EventPlace): void => {
      if (!Array.isArray(list)) return;
      for (const record of list.slice(0, recordLimit) as (AnyEvent | null)[]) {
        if (typeof record !== 'object' || record === null) continue;
        const data = record.a ?? record.aaaa ?? addressData(record);
        if (typeof record.rrname === 'string' && isOwn(data, place)) see(senderOf(place), record.rrname, place);
      }
    };
    return {
      events: {
        llmnr(event: AnyEvent, place: EventPlace): void {
          if (place.only !== 'log' && event.type === 'response') records(event.answers, place);
        },
        mdns(event: AnyEvent, place: EventPlace): void {
          if (place.only !== 'log' && event.type === 'response') records(event.records, place);
        },
        nbns(event: AnyEvent, place: EventPlace): void {
          if (place.only === 'log' || event.type !== 'response' || event.operation !== 'query') return;
          const { name, addresses } = event;
          if (typeof name !== 'string' || !Array.isArray(addresses)) return;
          // A browser of the network has special names beside its own.
          if (name.includes('__') || !addresses.slice(0, recordLimit).some((each) => isOwn(each, place))) return;
          see(senderOf(place), name, place);
        },
      },
    };

    function see(host: string, name: string, place: EventPlace): void {
      const row = hosts.claim(now.sec, hashText(host));
      if (row < 0) return;
      const w = hosts.words;
      const at = hosts.at(row);
      if (now.sec - w[at + FIRST_SEC] > options.windowSec) {
        w[at + FIRST_SEC] = now.sec;
        w[at + RAISED] = 0;
        hosts.doubles[2 * row + FIRST_US] = place.timeUs;
        hosts.doubles[2 * row + FIRST_PACKET] = place.packet;
        answered.clear(row);
      }
      if (!answered.add(row, hashText(baseOf(name)))) return;
      const names = answered.count(row);
      if (names < options.names || names < 2 * w[at + RAISED]) return;
      w[at + RAISED] = names;
      hosts.setWorth(row, names);
      raise({
        key: host,
        sources: [host],
        targets: [],
        observed: names,
        threshold: options.names,
        unit: 'names',
        firstUs: hosts.doubles[2 * row + FIRST_US],
        firstPacket: hosts.doubles[2 * row + FIRST_PACKET],
        count: names,
        explain: `${host} answered to ${names} different names with its own address, the latest “${name.slice(0, 64)}”.`,
        flows: [communityAt(place)],
        filter: `${fromHost(host)} && (llmnr || nbns || mdns)`,
      });
    }
  },
});

/** Who sent the message at hand. */
const senderOf = (place: EventPlace): string => (place.side === 1 ? serverOf(place) : clientOf(place));

/** Data of an A or AAAA record. */
const addressData = ({ rrtype, rdata }: AnyEvent): unknown => (rrtype === 'A' || rrtype === 'AAAA' ? rdata : undefined);

/** Whether an address is that of the message's sender. */
function isOwn(text: unknown, place: EventPlace): boolean {
  const address = typeof text === 'string' ? parseAddress(text) : null;
  if (address === null || address.ipVersion !== place.ipVersion) return false;
  const [a, b, c, d] = address.words;
  return place.side === 1
    ? a === place.s0 && b === place.s1 && c === place.s2 && d === place.s3
    : a === place.c0 && b === place.c1 && c === place.c2 && d === place.c3;
}

/** A name without its domain, padding and case. NetBIOS cuts at 15 characters. */
const baseOf = (name: string): string => name.slice(0, nameLimit).toLowerCase().split('.', 1)[0].trim().slice(0, 15);
