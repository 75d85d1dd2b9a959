// Fast flux: a name whose addresses change all the time and lie in many networks (MITRE T1568.001).
//
// Holz et al. (2008) score addresses and networks; without a map of networks, the first 16 bits stand for one.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { clientOf, communityAt, counted, span } from '../../wording.ts';
import { isDelivery } from '../known-domains.ts';
import { readerOf } from '../message.ts';
import { chosenLabel } from '../name-shape.ts';
import { quoted } from '../tunnels/tunnel-domains.ts';

const SINCE = 0;
const ANSWERS = 1;
const RAISED = 2;
const LATEST = 3;

/** Pools of servers and seeds of peer-to-peer networks change in the same way, and say what they are. */
const pools = /(?:^|\.)(?:pool|ntp|time|seed|seeds|dnsseed|bootstrap|tracker|router)[\d.-]/;

export const fastFlux = defineDetector({
  name: 'dns.fast-flux',
  title: 'A name in very many networks',
  version: 1,
  severity: 'medium',
  mitre: 'T1568.001',
  meaning: 'Hijacked hosts take turns in front of a malicious server, so that blocking an address does not help.',
  benign: 'Delivery networks and pools of servers spread a name over many networks as well.',
  next: 'See whose networks the addresses are in: homes and small providers speak for fast flux.',
  options: {
    networks: count(10, 'Different networks (/16, /32 of IPv6) within `windowSec`'),
    windowSec: seconds(86_400, 'Window in which they are counted'),
    ttlSec: seconds(300, 'Longest time that the answers may be kept'),
    changes: count(3, 'Different answers'),
  },
  open: (around) => {
    const { options: at, now, table, distinct, raise } = around;
    const reader = readerOf(around);
    // 512 names with 260 bytes for their networks: 160 KiB. Names with one network give way first.
    const flux = table({
      capacity: 512,
      keyWords: 1,
      words: 4,
      idleSec: at.windowSec,
      evicted: (row) => networks.clear(row),
    });
    const networks = distinct(flux);

    return {
      events: {
        dns(event: AnyEvent, place: EventPlace): void {
          const m = reader.read(event, place);
          if (m === null || m.answers.length === 0 || !m.isResponse) return;
          if (isDelivery(m.registered) || pools.test(m.name) || chosenLabel(m.registered).length === 0) return;
          let row = -1;
          let sum = 0;
          if (m.answers.some(({ type, data }) => type === 'CNAME' && endsInDelivery(data))) return;
          for (const { isPublic, ttlSec, ipVersion, words } of m.addresses) {
            if (!isPublic || ttlSec > at.ttlSec) continue;
            if (row < 0) row = flux.claim(now.sec, m.nameHash);
            if (row < 0) return;
            renew(row);
            networks.add(row, hashWords(ipVersion, ipVersion === 4 ? words[0] >>> 16 : words[0]));
            sum ^= hashWords(...words);
          }
          if (row >= 0) judge(row, sum, m.name, place);
        },
      },
    };

    function renew(row: number): void {
      const w = flux.words;
      const o = flux.at(row);
      if (now.sec - w[o + SINCE] <= at.windowSec) return;
      w.fill(0, o, o + 4);
      w[o + SINCE] = now.sec;
      networks.clear(row);
    }

    function judge(row: number, sum: number, name: string, place: EventPlace): void {
      const w = flux.words;
      const o = flux.at(row);
      if (w[o + LATEST] !== sum) w[o + ANSWERS]++;
      w[o + LATEST] = sum;
      const seen = networks.count(row);
      flux.setWorth(row, seen > 1 ? seen : 0);
      if (seen < at.networks || w[o + ANSWERS] < at.changes || seen < 2 * w[o + RAISED]) return;
      w[o + RAISED] = seen;
      raise({
        key: name,
        sources: [],
        targets: [clientOf(place)],
        observed: seen,
        threshold: at.networks,
        unit: 'networks',
        count: w[o + ANSWERS],
        explain: `${name} had addresses in ${counted(seen, 'network')} within ${span((now.sec - w[o + SINCE]) * 1e6)}, each to be kept for ${at.ttlSec} s or less.`,
        flows: [communityAt(place)],
        filter: `dns.qry.name == "${quoted(name)}" && dns.flags.response == 1`,
      });
    }
  },
});

/** Whether an alias leads into a delivery network. */
function endsInDelivery(data: string): boolean {
  const name = data.toLowerCase();
  const at = name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1;
  return isDelivery(name.slice(at));
}
