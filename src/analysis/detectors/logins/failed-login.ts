// A login that failed: no alarm, but one wants to be able to look it up.

import { count, defineDetector } from '../detector.ts';
import { betweenHosts, counted } from '../wording.ts';
import { serviceTitles } from './attempt.ts';
import { communityOfAttempt, openLedger } from './ledger.ts';

export const failedLogin = defineDetector({
  name: 'login.failed',
  title: 'Failed login',
  version: 1,
  severity: 'info',
  mitre: null,
  meaning: 'Somebody was not let in. Once is nothing; often, or at many servers, it is an attack.',
  benign: 'People mistype, and programs keep old passwords.',
  next: 'See who tried and as whom, and whether it goes on.',
  options: { failures: count(1, 'Failed logins of a host at a server') },
  open: (around) => {
    const { options, raise } = around;
    const ledger = openLedger(around);
    ledger.onTried((attempt, row) => {
      const seen = ledger.failures(row);
      // Told at each doubling; when it is many, as guessing.
      if (attempt.isSuccess || seen < options.failures || (seen & (seen - 1)) !== 0 || ledger.raised(row) > 0) return;
      const client = ledger.client(row);
      const server = ledger.server(row);
      const as = attempt.user === '' ? '' : `, lastly as ${attempt.user}`;
      raise({
        key: `${client} → ${server} ${attempt.service}`,
        sources: [client],
        targets: [server],
        observed: seen,
        threshold: options.failures,
        unit: 'failed logins',
        firstUs: ledger.firstUs(row),
        firstPacket: ledger.firstPacket(row),
        count: seen,
        packets: ledger.packets(row),
        flows: [communityOfAttempt(attempt)],
        explain: `${client} failed ${counted(seen, 'time')} to log in to ${server} by ${
          serviceTitles[attempt.service]
        }${as}.`,
        filter: `${betweenHosts(client, server)} && ${attempt.proto === 17 ? 'udp' : 'tcp'}.port == ${ledger.port(row)}`,
      });
    });
    return {};
  },
});
