// Guessing from many hosts at once, so that none of them fails often.

import { formatAddress } from '../../../core/index.ts';
import { hashWords } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { counted, span, toHost } from '../wording.ts';
import { type Attempt, services, serviceTitles } from './attempt.ts';
import { communityOfAttempt, openLedger } from './ledger.ts';

const FAILURES = 0;
const SUCCESSES = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

export const bruteDistributed = defineDetector({
  name: 'brute.distributed',
  title: 'Password guessing from many hosts',
  version: 1,
  severity: 'medium',
  mitre: 'T1110.004',
  meaning: 'Many hosts fail to log in at one server: a botnet guesses, or tries passwords that leaked elsewhere.',
  benign: 'A service whose user directory is down refuses everybody.',
  next: 'See whether anybody gets in at all, which users were tried, and where the sources are.',
  options: {
    sources: count(10, 'Different hosts that failed within `windowSec`'),
    failures: count(20, 'Failed logins within `windowSec`'),
    windowSec: seconds(1800, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const ledger = openLedger(around);
    /** By service and server: 256 rows of 60 bytes, and 260 for the sources of each. */
    const servers = table({ capacity: 256, keyWords: 3, words: 3, doubles: 2, idleSec: options.windowSec });
    const sources = distinct(servers);
    const begin = (row: number, { timeUs, packet }: Attempt): void => {
      const d = row * servers.doublesPerRow;
      servers.words.fill(0, servers.at(row), servers.at(row) + 3);
      servers.doubles[d + FIRST_US] = timeUs;
      servers.doubles[d + FIRST_PACKET] = packet;
      sources.clear(row);
    };
    ledger.onTried((attempt) => {
      if (attempt.service === 'radius') return;
      const { client: c, server: s, ipVersion, service } = attempt;
      const kind = (services.indexOf(service) << 8) | ipVersion;
      const key = [kind, hashWords(s[0], s[1], s[2], s[3]), hashWords(s[3], s[2], s[1], s[0], 1)] as const;
      const row = servers.claim(now.sec, ...key);
      if (row < 0) return;
      const w = servers.words;
      const at = servers.at(row);
      const d = row * servers.doublesPerRow;
      const isOld = attempt.timeUs - servers.doubles[d + FIRST_US] > options.windowSec * 1e6;
      if (w[at + FAILURES] + w[at + SUCCESSES] === 0 || (isOld && w[at + RAISED] === 0)) begin(row, attempt);
      w[at + (attempt.isSuccess ? SUCCESSES : FAILURES)]++;
      if (attempt.isSuccess) return;
      sources.add(row, hashWords(c[0], c[1], c[2], c[3]));
      const seen = sources.count(row);
      if (seen < options.sources || seen < w[at + RAISED] * 2 || w[at + FAILURES] < options.failures) return;
      if (w[at + SUCCESSES] * 4 > w[at + FAILURES]) return;
      w[at + RAISED] = seen;
      servers.setWorth(row, seen);
      const server = formatAddress(ipVersion, s[0], s[1], s[2], s[3]);
      const firstUs = servers.doubles[d + FIRST_US];
      raise({
        key: `${server} ${service}`,
        sources: [formatAddress(ipVersion, c[0], c[1], c[2], c[3])],
        targets: [server],
        observed: seen,
        threshold: options.sources,
        unit: 'hosts',
        firstUs,
        firstPacket: servers.doubles[d + FIRST_PACKET],
        count: w[at + FAILURES],
        flows: [communityOfAttempt(attempt)],
        explain: `${counted(seen, 'host')} failed ${counted(w[at + FAILURES], 'time')} to log in to ${server} by ${
          serviceTitles[service]
        } in ${span(attempt.timeUs - firstUs)}, limit ${options.sources} hosts.`,
        against: `${counted(w[at + SUCCESSES], 'login')} there went well.`,
        filter: `${toHost(server)} && ${attempt.proto === 17 ? 'udp' : 'tcp'}.port == ${attempt.sPort}`,
      });
    });
    return {};
  },
});
