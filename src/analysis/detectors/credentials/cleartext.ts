// Logins whose secret goes over the wire as it is: FTP, POP, IMAP, SMTP, HTTP Basic and forms, Telnet, LDAP, SNMP, SOCKS, …

import { type EventPlace, type FlowSignal, moment, type Severity } from '../../../core/index.ts';
import { hashText } from '../../sketches/index.ts';
import { count, type DetectorOptions, defineDetector, type Surroundings } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import {
  betweenHosts,
  clientOf,
  communityAt,
  communityOf,
  counted,
  originator,
  responder,
  serverOf,
} from '../wording.ts';
import { type Login, loginReaders } from './logins.ts';
import { SealedFlows } from './sealed-flows.ts';

/** Users and clients named in an alert. */
const shown = 3;
/** Alerts whose users are remembered; later ones are told without. */
const knownLimit = 512;
/** Protocols of which only the name is known, and that never hide what is typed (RFC 1282). */
const bareLogins: ReadonlyMap<string, string> = new Map([
  ['rlogin', 'rlogin'],
  ['rsh', 'rsh'],
  ['rexec', 'rexec'],
]);

/** What is known of an alert: users, clients and the worst place it was seen. */
interface Known {
  readonly users: string[];
  readonly clients: string[];
  severity: Severity;
}

const ranks: readonly Severity[] = ['info', 'low', 'medium'];

/** Adds what is new; few of each are kept. */
function note(list: string[], value: string): void {
  if (value !== '' && list.length < shown && !list.includes(value)) list.push(value);
}

/** Two hosts of the own network hide it from fewer eyes than the Internet. */
function severityOf({ network }: Surroundings<DetectorOptions>, at: EventPlace, login: Login): Severity {
  const isInside =
    network.isLocal(at.ipVersion, at.s0, at.s1, at.s2, at.s3) &&
    network.isLocal(at.ipVersion, at.c0, at.c1, at.c2, at.c3);
  if (login.isCommon === true) return isInside ? 'info' : 'low';
  return isInside ? 'low' : 'medium';
}

export const cleartext = defineDetector({
  name: 'cred.clear',
  title: 'Password sent in clear',
  version: 1,
  severity: 'medium',
  mitre: 'T1040',
  meaning: 'Everybody on the way can read the password and log in with it; often it opens other doors, too.',
  benign: 'Throw-away accounts and test systems; devices that know nothing better, inside the own network.',
  next: 'Change the password, and use the encrypted variant of the protocol (FTPS, IMAPS, HTTPS, SSH, SNMPv3).',
  options: { logins: count(1, 'Logins between two hosts before it is told') },
  open: (around) => {
    const { options, now, table, raise } = around;
    const seen = new Repeats(table(repeatsTable(1024)), now);
    const sealed = new SealedFlows();
    const known = new Map<string, Known>();
    const recall = (key: string): Known => {
      const had = known.get(key);
      if (had !== undefined) return had;
      const made: Known = { users: [], clients: [], severity: 'info' };
      if (known.size < knownLimit) known.set(key, made);
      return made;
    };
    const hear = (login: Login, at: EventPlace): void => {
      if (!login.isClear || sealed.has(at.flowId)) return;
      const repeated = seen.server(at, hashText(login.service), options.logins);
      const client = clientOf(at);
      const server = serverOf(at);
      const key = `${server}:${at.sPort} ${login.service}`;
      const about = recall(key);
      note(about.users, login.user);
      note(about.clients, client);
      const severity = severityOf(around, at, login);
      const isWorse = ranks.indexOf(severity) > ranks.indexOf(about.severity);
      if (isWorse) about.severity = severity;
      if (repeated === null) return;
      const { count: times, firstUs, firstPacket } = repeated;
      const who = about.users.length === 0 ? '' : ` of ${about.users.map((user) => JSON.stringify(user)).join(', ')}`;
      raise({
        key,
        sources: about.clients,
        targets: [server],
        severity: about.severity,
        observed: times,
        threshold: options.logins,
        unit: 'logins',
        firstUs,
        firstPacket,
        count: times,
        explain: `${client} sent the secret${who} in clear to ${server}:${at.sPort} (${login.service}, ${counted(times, 'login')} at this server).`,
        flows: [communityAt(at)],
        filter: `${betweenHosts(client, server)} && ${login.filter}`,
      });
    };
    const readers = Object.entries(loginReaders()).map(([kind, read]) => [
      kind,
      (event: Parameters<typeof read>[0], at: EventPlace): void => {
        const login = read(event, at);
        if (login !== null) hear(login, at);
      },
    ]);
    return {
      moments: moment.ended | moment.alive,
      flow(s: FlowSignal): void {
        const service = s.app === '' || s.oPayload === 0 ? undefined : bareLogins.get(s.app);
        if (service === undefined) return;
        const client = originator(s);
        const server = responder(s);
        const isInside =
          around.network.isLocal(s.ipVersion, s.o0, s.o1, s.o2, s.o3) &&
          around.network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3);
        raise({
          key: `${server}:${s.rPort} ${service}`,
          sources: [client],
          targets: [server],
          severity: isInside ? 'low' : 'medium',
          observed: 1,
          threshold: options.logins,
          unit: 'logins',
          firstUs: s.firstUs,
          firstPacket: s.firstPacket,
          explain: `${client} logged in to ${server}:${s.rPort} by ${service}, which hides nothing.`,
          packets: [s.firstPacket],
          flows: [communityOf(s)],
          filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
        });
      },
      events: {
        ...Object.fromEntries(readers),
        tls: (_event, at) => sealed.add(at.flowId),
      },
    };
  },
});
