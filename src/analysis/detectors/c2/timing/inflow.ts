// A beat inside one long conversation: a few bytes at even intervals, with silence between.

import { type FlowSignal, ipProto, moment } from '../../../../core/index.ts';
import { bytes, count, defineDetector, seconds, share } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, percent, responder, span } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal } from '../parties.ts';
import { lookers, openTalkBeats } from './talks.ts';

/** Ports of what keeps its connections alive by such a beat: mail, chat, push, remote access, industry, databases. */
const beating = new Set([
  22, 23, 25, 110, 143, 179, 443, 445, 465, 502, 554, 587, 853, 993, 995, 1194, 1433, 1521, 1723, 1863, 1883, 1935,
  3306, 3389, 3478, 4500, 500, 5060, 5061, 5222, 5223, 5228, 5432, 5671, 5672, 5938, 6379, 6667, 6697, 8009, 8883,
  27017, 51820,
]);

export const inflow = defineDetector({
  name: 'c2.inflow',
  title: 'Beat inside a conversation',
  version: 1,
  severity: 'low',
  mitre: 'T1071',
  meaning: 'A program at the other end is told again and again that this host is there, and can give it orders.',
  benign: 'Chat, push messages, games and remote access keep their connections alive so.',
  next: 'See which program of the source holds the connection.',
  options: {
    beats: count(20, 'Times the originator broke a silence'),
    spread: share(0.1, 'Deviation of the intervals'),
    leastSec: seconds(2, 'Interval below which it is no beat'),
    mostBytes: bytes(1000, 'What each side says between two silences, at the most'),
  },
  open: (around) => {
    const { options, now, network, raise } = around;
    const beats = openTalkBeats(around);
    return {
      moments: moment.woke,
      flow(s: FlowSignal): void {
        if (!isOfInterest(s) || beating.has(s.rPort)) return;
        const row = beats.note(s, now.sec);
        if (row < 0 || s.side !== 0) return;
        const seen = beats.wakes(row, 0);
        if (seen < options.beats || seen < beats.told(row, lookers.inflow) * 2) return;
        if (Math.max(beats.largest(row, 0), beats.largest(row, 1)) > options.mostBytes) return;
        if (isToLocal(network, s) && !isFromLocal(network, s)) return;
        const [intervalSec, spread] = beats.rhythm(row);
        if (spread > options.spread || intervalSec < options.leastSec) return;
        beats.setTold(row, lookers.inflow, seen);
        const client = originator(s);
        const server = responder(s);
        const proto = s.proto === ipProto.udp ? 'udp' : 'tcp';
        const isInside = isToLocal(network, s);
        raise({
          key: `${client}:${s.oPort} → ${server}:${s.rPort}`,
          sources: [client],
          targets: [server],
          ...(isInside && { severity: 'info', against: 'Both are in the network that is watched.' }),
          observed: seen,
          threshold: options.beats,
          unit: 'beats',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          count: seen,
          flows: [communityOf(s)],
          explain: `${client} said something to ${server} port ${s.rPort} every ${span(intervalSec * 1e6)} (${percent(
            spread,
          )} off), ${counted(seen, 'time')} in one conversation, never more than ${beats.largest(row, 0)} bytes.`,
          filter: `${betweenHosts(client, server)} && ${proto}.port == ${s.oPort}`,
        });
      },
    };
  },
});
