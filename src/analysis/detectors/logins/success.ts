// A login that goes well after many that failed: the password was found.

import { count, defineDetector, seconds } from '../detector.ts';
import { betweenHosts, counted, span } from '../wording.ts';
import { type Attempt, serviceTitles } from './attempt.ts';
import { communityOfAttempt, openLedger } from './ledger.ts';

export const bruteSuccess = defineDetector({
  name: 'brute.success',
  title: 'Login after guessing',
  version: 1,
  severity: 'critical',
  mitre: 'T1078',
  meaning: 'After many failures a login of the same host went well: it may have found the password.',
  benign: 'Somebody remembered the password at last, or a program got its new one.',
  next: 'Ask the owner of the account; until then lock it, and look at what was done with it.',
  options: {
    failures: count(5, 'Failed logins before the one that went well'),
    windowSec: seconds(1800, 'Time between the last failure and the success'),
  },
  open: (around) => {
    const { options, now, raise } = around;
    const ledger = openLedger(around);
    const tell = (attempt: Attempt, row: number, how: string): void => {
      const client = ledger.client(row);
      const server = ledger.server(row);
      const failures = ledger.failures(row);
      const isSure = ledger.raised(row) > 0 || failures >= 2 * options.failures;
      const as = attempt.isSuccess && attempt.user !== '' ? ` as ${attempt.user}` : '';
      raise({
        key: `${client} → ${server} ${attempt.service}`,
        sources: [client],
        targets: [server],
        // A few slips of the pen are no attack.
        severity: isSure ? 'critical' : 'low',
        confidence: isSure ? 0.9 : 0.3,
        observed: failures,
        threshold: options.failures,
        unit: 'failed logins',
        firstUs: ledger.firstUs(row),
        firstPacket: ledger.firstPacket(row),
        count: ledger.successes(row),
        packets: ledger.packets(row),
        flows: [communityOfAttempt(attempt)],
        explain: `${client} logged in to ${server} by ${serviceTitles[attempt.service]}${as} ${how} ${counted(
          failures,
          'login',
        )} that failed in ${span(attempt.timeUs - ledger.firstUs(row))}.`,
        filter: `${betweenHosts(client, server)} && ${attempt.proto === 17 ? 'udp' : 'tcp'}.port == ${ledger.port(row)}`,
      });
    };
    ledger.onTried((attempt, row) => {
      if (!attempt.isSuccess || ledger.failures(row) < options.failures) return;
      if (now.sec - ledger.lastSec(row) > options.windowSec || !ledger.hasFailed(row, attempt.user)) return;
      // Of a program that logs in again and again only the first success is news.
      if (ledger.successes(row) > 1 && ledger.raised(row) === 0) return;
      tell(attempt, row, 'after');
    });
    ledger.onGuessed((attempt, row) => {
      const isNear = ledger.successSec(row) >= Math.floor(ledger.firstUs(row) / 1e6) - 2;
      if (ledger.successes(row) === 1 && isNear && now.sec - ledger.successSec(row) <= burstSec)
        tell(attempt, row, 'amid');
    });
    return {};
  },
});

/** A success so near to the guesses, and the only one, is one of them. */
const burstSec = 60;
