// Logins that send something made of the secret: challenge and response, tickets. It can be guessed offline.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { hashText } from '../../sketches/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { clientOf, communityAt, counted, serverOf, withHost } from '../wording.ts';
import { loginReaders } from './logins.ts';
import { SealedFlows } from './sealed-flows.ts';

export const hashed = defineDetector({
  name: 'cred.hashed',
  title: 'Login that can be guessed offline',
  version: 1,
  severity: 'info',
  mitre: 'T1110.002',
  meaning: 'Whoever recorded the login can try passwords on it at leisure; weak ones are found in minutes.',
  benign: 'NTLM and Kerberos are how Windows networks log in.',
  next: 'See that such logins stay inside, and that passwords are long.',
  options: { logins: count(1, 'Logins at a server before it is told') },
  open: ({ options, now, table, raise }) => {
    const seen = new Repeats(table(repeatsTable(512)), now);
    const sealed = new SealedFlows();
    const events = Object.fromEntries(
      Object.entries(loginReaders()).map(([kind, read]) => [
        kind,
        (event: AnyEvent, at: EventPlace): void => {
          const login = read(event, at);
          if (login === null || login.isClear || sealed.has(at.flowId)) return;
          const repeated = seen.server(at, hashText(login.service), options.logins);
          if (repeated === null) return;
          const client = clientOf(at);
          const server = serverOf(at);
          const user = login.user === '' ? '' : ` as ${JSON.stringify(login.user)}`;
          raise({
            key: `${server}:${at.sPort} ${login.service}`,
            sources: [client],
            targets: [server],
            observed: repeated.count,
            threshold: options.logins,
            unit: 'logins',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${counted(repeated.count, 'login')} at ${server}:${at.sPort} by ${login.service} can be guessed offline, the last of ${client}${user}.`,
            flows: [communityAt(at)],
            filter: `${withHost(server)} && ${login.filter}`,
          });
        },
      ]),
    );
    return { events: { ...events, tls: (_event, at) => sealed.add(at.flowId) } };
  },
});
