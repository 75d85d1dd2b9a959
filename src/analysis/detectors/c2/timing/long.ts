// A conversation with a host outside that goes on for hours (RITA and zeek-long-connections look for the same).

import { type FlowSignal, ipProto, moment, type Severity } from '../../../../core/index.ts';
import { defineDetector, seconds } from '../../detector.ts';
import { betweenHosts, communityOf, grouped, originator, responder, span } from '../../wording.ts';
import { isFromLocal, isOfInterest, isToLocal } from '../parties.ts';

/** What stays open for hours by nature. */
const lasting = new Set(
  (
    'ssh imap xmpp mqtt amqp irc websocket rtsp rtmp rtp sip bgp ldp openvpn wireguard ike ipsec quic doq rdp vnc ' +
    'teamviewer modbus s7comm dnp3 iec104 opcua enip nfs smb mysql postgresql redis mongodb ldap telnet x11 stun'
  ).split(' '),
);

export const longTalk = defineDetector({
  name: 'c2.long',
  title: 'Long conversation',
  version: 1,
  severity: 'low',
  mitre: 'T1095',
  meaning: 'A door that stays open for hours lets its master in at any time.',
  benign: 'Remote access, private networks, chat, push messages and media stay connected for hours.',
  next: 'See which program of the source holds the connection, and how much goes each way.',
  options: {
    firstSec: seconds(3600, 'Age from which on it is told (low)'),
    secondSec: seconds(8 * 3600, 'Age from which on it is told again (medium where nobody knows what is spoken)'),
  },
  open: ({ options, network, table, now, raise }) => {
    /** By flow: 1,024 rows of 24 bytes; what was told last. */
    const rows = table({ capacity: 1024, keyWords: 2, words: 1, idleSec: 1800 });

    const severityOf = (s: FlowSignal, age: number): Severity => {
      if (isToLocal(network, s) || lasting.has(s.app)) return 'info';
      const isUnknown = s.app === '' || s.app === 'failed' || s.appHow === 'port';
      return isUnknown && age >= options.secondSec ? 'medium' : 'low';
    };

    return {
      moments: moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        const age = (s.lastUs - s.firstUs) / 1e6;
        if (age < options.firstSec || s.rPackets === 0 || s.oPackets === 0 || !isOfInterest(s)) return;
        if (s.proto === ipProto.tcp && !s.isEstablished) return;
        const isInside = isToLocal(network, s);
        // Inside, only what nobody knows is of any interest.
        if (isInside && (!isFromLocal(network, s) || (s.app !== '' && s.app !== 'failed'))) return;
        const row = rows.claim(now.sec, s.id | 0, Math.floor(s.id / 2 ** 32));
        if (row < 0) return;
        const told = rows.words[rows.at(row)];
        if (told > 0 && age < told * 2 && (told >= options.secondSec || age < options.secondSec)) return;
        rows.words[rows.at(row)] = age;
        rows.setWorth(row, Math.min(0x7fffffff, age));
        const client = originator(s);
        const server = responder(s);
        const proto = s.proto === ipProto.udp ? 'udp' : 'tcp';
        raise({
          key: `${client}:${s.oPort} → ${server}:${s.rPort}`,
          sources: [client],
          targets: [server],
          severity: severityOf(s, age),
          observed: Math.round(age),
          threshold: options.firstSec,
          unit: 'seconds',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          flows: [communityOf(s)],
          explain: `${client} has been talking to ${server} port ${s.rPort}${
            s.app === '' || s.app === 'failed' ? '' : ` (${s.app})`
          } for ${span(age * 1e6)}: ${grouped(s.oBytes)} bytes sent, ${grouped(s.rBytes)} received; limit ${span(
            options.firstSec * 1e6,
          )}.`,
          ...(isInside && { against: 'Both are in the network that is watched.' }),
          filter: `${betweenHosts(client, server)} && ${proto}.port == ${s.oPort} && ${proto}.port == ${s.rPort}`,
        });
      },
    };
  },
});
