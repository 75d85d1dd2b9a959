// Password spraying: one host tries many users, each a few times only, so that no account is locked.

import { formatAddress } from '../../../core/index.ts';
import { hashText, hashWords } from '../../sketches/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { counted, fromHost, span } from '../wording.ts';
import { type Attempt, services, serviceTitles } from './attempt.ts';
import { sprayTries } from './guessing.ts';
import { communityOfAttempt, openLedger } from './ledger.ts';

const FAILURES = 0;
const SUCCESSES = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;
const LAST_US = 2;

export const bruteSpray = defineDetector({
  name: 'brute.spray',
  title: 'Password spraying',
  version: 1,
  severity: 'high',
  mitre: 'T1110.003',
  meaning:
    'One password is tried with many users, or it is asked which users there are: a few of many will have a weak password.',
  benign: 'A gateway, web mail or terminal server logs in for many people; some mistype.',
  next: 'See which user names were tried and which of them got in; look at the source.',
  options: {
    users: count(10, 'Different users that failed within `windowSec`'),
    tries: count(sprayTries, 'Tries for each user, on average, above which it is plain guessing'),
    windowSec: seconds(1800, 'Window in which they are counted'),
  },
  open: (around) => {
    const { options, now, table, distinct, raise } = around;
    const ledger = openLedger(around);
    /** By service and client: 512 rows of 68 bytes, and 260 for the users of each. */
    const sources = table({ capacity: 512, keyWords: 3, words: 3, doubles: 3, idleSec: options.windowSec });
    const users = distinct(sources);
    const begin = (row: number, { timeUs, packet }: Attempt): void => {
      const d = row * sources.doublesPerRow;
      sources.words.fill(0, sources.at(row), sources.at(row) + 3);
      sources.doubles[d + FIRST_US] = timeUs;
      sources.doubles[d + FIRST_PACKET] = packet;
      users.clear(row);
    };
    const tell = (attempt: Attempt, row: number): void => {
      const d = row * sources.doublesPerRow;
      const [failures, successes] = sources.words.subarray(sources.at(row));
      const seen = users.count(row);
      const { ipVersion, client: c, server: s, service, user } = attempt;
      const client = formatAddress(ipVersion, c[0], c[1], c[2], c[3]);
      const server = formatAddress(ipVersion, s[0], s[1], s[2], s[3]);
      const firstUs = sources.doubles[d + FIRST_US];
      const title = serviceTitles[service];
      raise({
        key: `${client} ${service}`,
        sources: [client],
        targets: [server],
        observed: seen,
        threshold: options.users,
        unit: 'users',
        firstUs,
        firstPacket: sources.doubles[d + FIRST_PACKET],
        count: failures,
        flows: [communityOfAttempt(attempt)],
        explain: `${client} failed to log in by ${title} as ${counted(seen, 'different user')}, lastly as ${user}, ${counted(
          failures,
          'time',
        )} in ${span(attempt.timeUs - firstUs)}, limit ${options.users} users.`,
        ...(successes > 0 && { against: `${counted(successes, 'login')} from there went well.` }),
        filter: `${fromHost(client)} && ${attempt.proto === 17 ? 'udp' : 'tcp'}.port == ${attempt.sPort}`,
      });
    };
    ledger.onTried((attempt) => {
      // Who asks RADIUS is a switch or gateway, not the one who logs in.
      if (attempt.service === 'radius' || (attempt.user === '' && !attempt.isSuccess)) return;
      const { client: c, ipVersion, service } = attempt;
      const kind = (services.indexOf(service) << 8) | ipVersion;
      const key = [kind, hashWords(c[0], c[1], c[2], c[3]), hashWords(c[3], c[2], c[1], c[0], 1)] as const;
      const row = attempt.isSuccess ? sources.find(...key) : sources.claim(now.sec, ...key);
      if (row < 0) return;
      const w = sources.words;
      const at = sources.at(row);
      const d = row * sources.doublesPerRow;
      if (attempt.isSuccess) {
        w[at + SUCCESSES]++;
        return;
      }
      const isOld = attempt.timeUs - sources.doubles[d + LAST_US] > options.windowSec * 1e6;
      if (w[at + FAILURES] === 0 || (isOld && w[at + RAISED] === 0)) begin(row, attempt);
      sources.doubles[d + LAST_US] = attempt.timeUs;
      const failures = ++w[at + FAILURES];
      users.add(row, hashText(attempt.user));
      const seen = users.count(row);
      sources.setWorth(row, seen);
      if (seen < options.users || seen < w[at + RAISED] * 2 || failures > seen * options.tries) return;
      if (w[at + SUCCESSES] > failures) return;
      w[at + RAISED] = seen;
      tell(attempt, row);
    });
    return {};
  },
});
