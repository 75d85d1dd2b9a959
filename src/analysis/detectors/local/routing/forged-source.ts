// Forged source addresses (RFC 2827): a station that is no router sends in the name of many, or from addresses that
// no host can have (RFC 6890).

import { type FlowSignal, formatAddress, formatIpv4, moment } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted, span } from '../../wording.ts';
import { isSharedMac, macText } from '../mac.ts';
import { neighboursOf } from '../neighbours.ts';

const FIRST_SEC = 0;
const MARTIANS = 1;
const RAISED_MARTIANS = 2;
const RAISED = 3;
const ANSWERED = 4;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const forgedSource = defineDetector({
  name: 'l3.spoof',
  title: 'Forged source addresses',
  version: 1,
  severity: 'medium',
  mitre: 'T1498',
  meaning: 'Forged sources hide who attacks, and turn answers of others against a victim.',
  benign: 'A second way out, a VPN or a load balancer whose answers go another way.',
  next: 'Find the port of the MAC address; let switches and routers check source addresses.',
  options: {
    packets: count(10, 'Conversations from addresses that no host can have, within `windowSec`'),
    sources: count(20, 'Different sources elsewhere that one station with an address of its own uses, none answered'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise, network } = around;
    const known = neighboursOf(around);
    // 256 stations, 64 bytes each and a distinct counter of 260.
    const stations = table({ capacity: 256, keyWords: 2, words: 5, doubles: 2, idleSec: options.windowSec });
    const sources = distinct(stations);
    return {
      moments: moment.opened | moment.answered,
      flow(s: FlowSignal): void {
        if (s.isInner || (s.srcMac0 | s.srcMac1) === 0) return;
        if (s.moment === moment.answered) {
          const row = stations.find(s.dstMac0, s.dstMac1);
          // Something comes back for one of them: they are not forged.
          if (row >= 0 && !network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3))
            stations.words[stations.at(row) + ANSWERED] = 1;
          return;
        }
        if (s.ipVersion === 4 && isMartian(s.o0) && s.rPort !== 67 && s.proto !== 2) martian(s);
        else if (isElsewhere(s)) foreign(s);
      },
    };

    /** A source elsewhere behind a station with a local address of its own that has carried nothing for anyone. */
    function isElsewhere(s: FlowSignal): boolean {
      const own = known.ownIp;
      if (own === 0 || !network.isLocal(4, own, 0, 0, 0)) return false;
      return !network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3);
    }

    function begin(s: FlowSignal): number {
      if (isSharedMac(s.srcMac0, s.srcMac1)) return -1;
      const row = stations.claim(now.sec, s.srcMac0, s.srcMac1);
      if (row < 0) return -1;
      const w = stations.words;
      const at = stations.at(row);
      if (now.sec - w[at + FIRST_SEC] <= options.windowSec) return row;
      const isAnswered = w[at + ANSWERED];
      w.fill(0, at, at + 5);
      w[at + FIRST_SEC] = now.sec;
      w[at + ANSWERED] = isAnswered;
      stations.doubles[2 * row + FIRST_US] = s.timeUs;
      stations.doubles[2 * row + FIRST_PACKET] = s.packet;
      sources.clear(row);
      return row;
    }

    function martian(s: FlowSignal): void {
      const row = begin(s);
      if (row < 0) return;
      const w = stations.words;
      const at = stations.at(row);
      const seen = ++w[at + MARTIANS];
      if (seen < options.packets || seen < 2 * w[at + RAISED_MARTIANS]) return;
      w[at + RAISED_MARTIANS] = seen;
      stations.setWorth(row, seen);
      const mac = macText(s.srcMac0, s.srcMac1);
      const ip = formatIpv4(s.o0);
      const firstUs = stations.doubles[2 * row + FIRST_US];
      raise({
        ...about(row, seen, options.packets, 'conversations', s),
        key: `${mac}: impossible sources`,
        explain: `${mac} began ${counted(seen, 'conversation')} in ${span(s.timeUs - firstUs)} from addresses that no host can have, the latest ${ip}.`,
      });
    }

    function foreign(s: FlowSignal): void {
      const row = begin(s);
      if (row < 0) return;
      const w = stations.words;
      const at = stations.at(row);
      if (w[at + ANSWERED] !== 0 || !sources.add(row, hashWords(s.o0, s.o1, s.o2, s.o3))) return;
      const seen = sources.count(row);
      if (seen < options.sources || seen < 2 * w[at + RAISED]) return;
      w[at + RAISED] = seen;
      stations.setWorth(row, seen);
      const mac = macText(s.srcMac0, s.srcMac1);
      const own = formatIpv4(known.ipOf(s.srcMac0, s.srcMac1));
      const firstUs = stations.doubles[2 * row + FIRST_US];
      raise({
        ...about(row, seen, options.sources, 'sources', s),
        key: `${mac}: sources of others`,
        explain: `${mac} (${own}) sent in ${span(s.timeUs - firstUs)} in the name of ${counted(seen, 'host')} elsewhere, and nothing came back for any.`,
      });
    }

    function about(row: number, seen: number, threshold: number, unit: string, s: FlowSignal) {
      const mac = macText(s.srcMac0, s.srcMac1);
      const own = known.ipOf(s.srcMac0, s.srcMac1);
      return {
        sources: own === 0 ? [] : [formatIpv4(own)],
        targets: [formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3)],
        observed: seen,
        threshold,
        unit,
        firstUs: stations.doubles[2 * row + FIRST_US],
        firstPacket: stations.doubles[2 * row + FIRST_PACKET],
        count: seen,
        filter: `eth.src == ${mac}`,
      };
    }
  },
});

/** This network (but 0.0.0.0 itself, which asks for an address), loopback, multicast, reserved, broadcast. */
function isMartian(ip: number): boolean {
  const first = ip >>> 24;
  return (first === 0 && ip !== 0) || first === 127 || first >= 224;
}
