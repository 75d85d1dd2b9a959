// Slow server: the time from the last byte of a request to the first byte of its answer, without the round trip.

import { type HealthSignal, healthMoment } from '../../../../core/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { counted } from '../../wording.ts';
import { aboutFlow, millis, serverRow } from '../flow-words.ts';

/** Protocols in which a client asks and the server answers at once; in others it may wait for something to happen. */
const askers = new Set(['http', 'mysql', 'postgresql', 'tds', 'redis', 'mongodb', 'ldap', 'dns', 'smb', 'rpc', 'nfs']);
/** Ports that stand for those where a protocol is not known. */
const askerPorts = new Set([80, 443, 8080, 8443, 1433, 3306, 5432]);

const SLOW = 0;
const RAISED = 1;
const LEVEL = 2;

export const slowServer = defineDetector({
  name: 'perf.slow-server',
  title: 'Slow server',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Clients wait for the server’s application, not for the network.',
  benign: 'Long polls, and protocols in which a server speaks when something happens, are slow by design.',
  next: 'See which requests are slow, and what the server waits for: its database, its disk, other servers.',
  options: {
    warnSec: seconds(1, 'Time to the first byte of an answer'),
    majorSec: seconds(5, 'Such time that counts like several'),
    times: count(5, 'Slow answers of one server from which it is more than a note'),
  },
  open: ({ options, now, table, raise }) => {
    // 1,024 servers by port.
    const servers = table({ capacity: 1024, keyWords: 6, words: 3, idleSec: 1800 });
    return {
      health(s: HealthSignal): void {
        if (s.moment !== healthMoment.response || s.waitUs < options.warnSec * 1e6) return;
        const isAsker = s.flow.app === '' ? askerPorts.has(s.flow.rPort) : askers.has(s.flow.app);
        // Only the first answers tell of the server in a conversation that goes on as it likes.
        if (!isAsker && s.responses > 2) return;
        const row = serverRow(servers, now.sec, s);
        if (row < 0) return;
        const w = servers.words;
        const at = servers.at(row);
        const slow = ++w[at + SLOW];
        const isMajor = isAsker && (slow >= options.times || (s.waitUs >= options.majorSec * 1e6 && slow > 1));
        const level = isMajor ? 2 : 1;
        if (level <= w[at + LEVEL] && slow < 2 * w[at + RAISED]) return;
        w[at + LEVEL] = Math.max(level, w[at + LEVEL]);
        w[at + RAISED] = slow;
        servers.setWorth(row, slow);
        const about = aboutFlow(s);
        const server = about.targets[0];
        raise({
          ...about,
          key: `${server} ${s.flow.rPort}`,
          sources: [server],
          targets: about.sources,
          severity: w[at + LEVEL] === 2 ? 'low' : 'info',
          observed: s.waitUs / 1e6,
          threshold: options.warnSec,
          unit: 'sec',
          count: slow,
          explain: `${server} port ${s.flow.rPort} took ${millis(s.waitUs)} to begin an answer (the round trip left out), ${counted(slow, 'slow answer')} so far, limit ${millis(options.warnSec * 1e6)}.`,
          against:
            s.responses > 1
              ? `${counted(s.responses, 'answer')} of this conversation took ${millis(s.responseMeanUs)} on average`
              : '',
        });
      },
    };
  },
});
