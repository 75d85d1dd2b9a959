// A protocol on a port that is another's: to get past a firewall, or so as not to be noticed.

import { type FlowSignal, ipProto, moment, type Severity } from '../../../../core/index.ts';
import { hashText } from '../../../sketches/index.ts';
import { count, defineDetector } from '../../detector.ts';
import { betweenHosts, communityOf, counted, originator, responder } from '../../wording.ts';
import { firstTimes } from '../first-time.ts';
import { isToLocal, partiesOf } from '../parties.ts';

const COUNT = 0;
const RAISED = 1;

/** Where protocols are at home; of those that are not listed nothing is said. TCP, with what is usual besides the assigned. */
const homes: Readonly<Record<string, readonly number[]>> = {
  http: [80, 81, 591, 631, 3000, 3128, 5000, 5985, 7547, 8000, 8008, 8080, 8081, 8088, 8888, 1900, 2869, 5357, 49152],
  tls: [
    443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 3389, 5061, 5223, 5228, 5349, 5671, 6514, 8443, 8883, 9443,
  ],
  ssh: [22, 2222],
  ftp: [21, 2121],
  smtp: [25, 465, 587, 2525],
  pop3: [110, 995],
  imap: [143, 993],
  telnet: [23, 2323],
  rdp: [3389],
  vnc: [5900, 5901, 5902, 5903],
  smb: [139, 445],
  irc: [6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6697, 7000, 194],
  dns: [53],
  socks: [1080, 9050, 9150],
  mysql: [3306],
  postgresql: [5432],
  redis: [6379],
  mongodb: [27017],
  ldap: [389, 3268],
};
/** What belongs to a port so surely that anything else there is odd. */
const owners: Readonly<Record<number, readonly string[]>> = {
  443: ['tls', 'quic', 'doh', 'http2', 'openvpn', 'websocket', 'failed', ''],
  80: ['http', 'http2', 'websocket', 'rtmp', 'failed', ''],
  53: ['dns', 'failed', ''],
  22: ['ssh', 'failed', ''],
  25: ['smtp', 'tls', 'failed', ''],
};
/** What attackers hide behind another's port, or run where nobody looks. */
const telling = new Set(['ssh', 'irc', 'rdp', 'vnc', 'telnet', 'socks', 'smb', 'http', 'shell', 'ftp']);

export const portMismatch = defineDetector({
  name: 'c2.port-mismatch',
  title: 'Protocol on a foreign port',
  version: 1,
  severity: 'info',
  mitre: 'T1571',
  meaning: 'Behind the port of something harmless a door may be open that a firewall would not let pass.',
  benign: 'Many services are set to other ports on purpose.',
  next: 'See who runs the service and why there.',
  options: { conversations: count(1, 'Conversations with that server') },
  open: (around) => {
    const { options, network, now, table, raise } = around;
    const isFirst = firstTimes(around);
    /** By both hosts, port and protocol: 1,024 rows of 44 bytes. */
    const rows = table({ capacity: 1024, keyWords: 6, words: 2, idleSec: 3600 });

    const severityOf = (s: FlowSignal): Severity => {
      const owner = owners[s.rPort];
      if (owner === undefined || owner.includes(s.app)) return 'info';
      return telling.has(s.app) && !isToLocal(network, s) ? 'low' : 'info';
    };

    return {
      moments: moment.closed | moment.ended | moment.alive,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || s.app === '' || (s.appHow !== 'handshake' && s.appHow !== 'pattern')) return;
        const home = homes[s.app];
        const owner = owners[s.rPort];
        const isForeign = home !== undefined ? !home.includes(s.rPort) : owner !== undefined && !owner.includes(s.app);
        if (!isForeign) return;
        // Which end is the server is not known where neither port tells and the beginning was not seen.
        if (home?.includes(s.oPort) || !s.isEstablished || !isFirst(s)) return;
        const [a, b, c, d, e] = partiesOf(s);
        const row = rows.claim(now.sec, a, b, c, d, e, hashText(s.app));
        if (row < 0) return;
        const at = rows.at(row);
        const seen = ++rows.words[at + COUNT];
        if (seen < options.conversations || seen < rows.words[at + RAISED] * 2) return;
        rows.words[at + RAISED] = seen;
        const client = originator(s);
        const server = responder(s);
        raise({
          key: `${server}:${s.rPort} ${s.app}`,
          sources: [client],
          targets: [server],
          severity: severityOf(s),
          confidence: 0.7,
          observed: seen,
          threshold: options.conversations,
          unit: 'conversations',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          flows: [communityOf(s)],
          explain: `${client} speaks ${s.app} with ${server} on port ${s.rPort}, ${
            home === undefined ? `which belongs to ${owner?.[0]}` : `at home on ${home.slice(0, 3).join(', ')}`
          } (${counted(seen, 'conversation')}).`,
          filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
        });
      },
    };
  },
});
