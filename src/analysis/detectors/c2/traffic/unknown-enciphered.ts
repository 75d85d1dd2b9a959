// A conversation outside that nobody knows and that is noise from the first byte on: enciphered without saying how.

import { type FlowSignal, ipProto, moment } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { bytes, count, defineDetector, share } from '../../detector.ts';
import { betweenHosts, communityOf, grouped, originator, percent, responder } from '../../wording.ts';
import { firstTimes } from '../first-time.ts';
import { isFromLocal, isOfInterest, isToLocal, partiesOf } from '../parties.ts';

export const unknownEnciphered = defineDetector({
  name: 'c2.unknown-encrypted',
  title: 'Unknown encrypted protocol',
  version: 1,
  severity: 'info',
  mitre: 'T1573',
  meaning: 'Known ways to encipher begin with a handshake in clear. Who leaves that out does not want to be known.',
  benign: 'Games, calls, private networks and peer-to-peer programs encipher so, and so do packed pictures and films.',
  next: 'See which program of the source connects there, and whether other hosts do, too.',
  options: {
    noise: share(0.97, 'Evenness of the first bytes of the answer from which on they are noise'),
    payload: bytes(2000, 'Payload of both sides below which it is nothing'),
    hosts: count(2, 'Hosts that talk to the same server, from which on it is not rare'),
  },
  open: (around) => {
    const { options, network, now, table, distinct, raise } = around;
    const isFirst = firstTimes(around);
    /** By server and port: 512 rows of 36 bytes, and 260 for the clients of each. */
    const servers = table({ capacity: 512, keyWords: 3, idleSec: 3600 });
    const clients = distinct(servers);
    return {
      moments: moment.alive | moment.closed | moment.ended,
      flow(s: FlowSignal): void {
        if (s.noise < options.noise || (s.app !== '' && s.app !== 'failed' && s.appHow !== 'port')) return;
        if (s.oPayload + s.rPayload < options.payload || !isOfInterest(s)) return;
        if (isToLocal(network, s) || !isFromLocal(network, s) || !isFirst(s)) return;
        const [kind, , , a, b] = partiesOf(s);
        const row = servers.claim(now.sec, kind, a, b);
        if (row < 0) return;
        const isNew = clients.add(row, hashWords(s.o0, s.o1, s.o2, s.o3));
        if (!isNew || clients.count(row) >= options.hosts) return;
        const client = originator(s);
        const server = responder(s);
        raise({
          key: `${client} → ${server}:${s.rPort}`,
          sources: [client],
          targets: [server],
          confidence: 0.5,
          observed: Number(s.noise.toFixed(2)),
          threshold: options.noise,
          unit: 'evenness of bytes',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          flows: [communityOf(s)],
          explain: `${client} talks to ${server} port ${s.rPort} in a way that nobody knows; the first bytes of the answer are ${percent(
            s.noise,
          )} noise (${grouped(s.oPayload)} bytes sent, ${grouped(s.rPayload)} received).`,
          filter: `${betweenHosts(client, server)} && ${s.proto === ipProto.udp ? 'udp' : 'tcp'}.port == ${s.rPort}`,
        });
      },
    };
  },
});
