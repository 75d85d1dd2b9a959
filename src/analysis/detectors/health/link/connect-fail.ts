// Connections that fail: attempts that nobody answers, or that are refused, by server and port.

import { type FlowSignal, formatAddress, ipProto, moment, tcpFlag } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, share } from '../../detector.ts';
import { communityOf, counted, grouped, originator, percent, withHost } from '../../wording.ts';

const DONE = 0;
const REFUSED = 1;
const SILENT = 2;
const RAISED = 3;
const LEVEL = 4;
/** What one client may fail at before it looks like a scanner, whose failures say nothing of servers. */
const fewTargets = 3;

export const connectFail = defineDetector({
  name: 'perf.connect-fail',
  title: 'Connections fail',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Clients cannot reach a service: it is down, overloaded, or something on the way drops or refuses them.',
  benign: 'Old addresses in configurations, hosts that sleep; scanners fail everywhere (see scan.*).',
  next: 'Refused: is the service running? Silent: firewalls, routes, the host itself.',
  options: {
    failShare: share(0.1, 'Attempts at one server and port that fail'),
    fails: count(5, 'Failures at the least'),
    tries: count(3, 'SYNs of one attempt without an answer that are told at once'),
  },
  open: ({ options, now, table, distinct, raise }) => {
    // 2,048 servers by port; 1,024 clients.
    const servers = table({ capacity: 2048, keyWords: 6, words: 5, idleSec: 900 });
    const clients = table({ capacity: 1024, keyWords: 5, idleSec: 900 });
    const failedAt = distinct(clients);
    /** Whether the client has failed at few servers only. */
    const isChoosy = (s: FlowSignal): boolean => {
      const row = clients.claim(now.sec, s.ipVersion, s.o0, s.o1, s.o2, s.o3);
      if (row < 0) return false;
      failedAt.add(row, hashWords(s.r0, s.r1, s.r2, s.r3, s.rPort));
      return failedAt.count(row) <= fewTargets;
    };
    const tell = (s: FlowSignal, row: number, level: number, words: string): void => {
      const w = servers.words;
      const at = servers.at(row);
      const fails = w[at + REFUSED] + w[at + SILENT];
      w[at + LEVEL] = Math.max(level, w[at + LEVEL]);
      w[at + RAISED] = Math.max(1, fails);
      servers.setWorth(row, fails);
      const server = formatAddress(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
      raise({
        key: `${server} ${s.rPort}`,
        sources: [originator(s)],
        targets: [server],
        severity: w[at + LEVEL] === 2 ? 'low' : 'info',
        observed: Math.max(1, fails),
        threshold: level === 0 ? 1 : options.fails,
        unit: 'failures',
        firstUs: s.firstUs,
        firstPacket: s.firstPacket,
        count: Math.max(1, fails),
        flows: [communityOf(s)],
        explain: `${server} port ${s.rPort}: ${words}.`,
        against: w[at + DONE] === 0 ? '' : `${counted(w[at + DONE], 'attempt')} succeeded`,
        filter: `${withHost(server)} && tcp.port == ${s.rPort} && tcp.flags.syn == 1`,
      });
    };
    return {
      moments: moment.established | moment.rejected | moment.silent | moment.retried,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.tcp || (s.moment !== moment.established && (s.oFlags & tcpFlag.syn) === 0)) return;
        if (s.moment === moment.retried && s.oPackets !== options.tries) return;
        const row = servers.claim(now.sec, s.ipVersion, s.r0, s.r1, s.r2, s.r3, s.rPort);
        if (row < 0) return;
        const w = servers.words;
        const at = servers.at(row);
        if (s.moment === moment.established) {
          w[at + DONE]++;
          return;
        }
        if (s.moment === moment.retried) {
          if (w[at + RAISED] === 0 && s.rPackets === 0 && isChoosy(s))
            tell(s, row, 0, `${originator(s)} sent ${options.tries} SYNs and got no answer`);
          return;
        }
        // Every failure counts for who failed, whether or not the server has had enough of them.
        const isTold = isChoosy(s);
        w[at + (s.moment === moment.rejected ? REFUSED : SILENT)]++;
        const fails = w[at + REFUSED] + w[at + SILENT];
        const all = fails + w[at + DONE];
        if (fails < options.fails || fails < options.failShare * all || fails < 2 * w[at + RAISED]) return;
        if (!isTold) return;
        const kinds = `${grouped(w[at + REFUSED])} refused, ${grouped(w[at + SILENT])} unanswered`;
        // One that worked before and fails now is more than an old address.
        tell(
          s,
          row,
          w[at + DONE] > 0 && fails >= 4 * options.fails ? 2 : 1,
          `${grouped(fails)} of ${grouped(all)} attempts failed (${percent(fails / all)}): ${kinds}`,
        );
      },
    };
  },
});
