// Logins whose secret goes over the wire as it is: FTP, POP, IMAP, SMTP, HTTP Basic and forms, Telnet, LDAP, SNMP, SOCKS, …

import { type AnyEvent, type EventPlace, type FlowSignal, moment, type Severity } from '../../../core/index.ts';
import { count, defineDetector, type Surroundings, type Watch } from '../detector.ts';
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
/** Servers and services that are remembered, some hundred bytes each; later ones are not told. */
const knownLimit = 2048;
/** Protocols of which only the name is known, and that never hide what is typed (RFC 1282). */
const bareLogins: ReadonlySet<string> = new Set(['rlogin', 'rsh', 'rexec']);

/** What is known of an alert: users, clients, and the worst place it was seen. */
interface Known {
  readonly users: string[];
  readonly clients: string[];
  severity: Severity;
  times: number;
  told: number;
  readonly firstUs: number;
  readonly firstPacket: number;
}

const worse = (a: Severity, b: Severity): Severity => (a === 'low' || b === 'low' ? 'low' : 'info');

/** Adds what is new; few of each are kept. */
function note(list: string[], value: string): void {
  if (value !== '' && list.length < shown && !list.includes(value)) list.push(value);
}

const options = { logins: count(1, 'Logins at a server before it is told') };
type Around = Surroundings<typeof options>;

class CleartextWatch implements Watch {
  readonly #around: Around;
  readonly #sealed = new SealedFlows();
  readonly #known = new Map<string, Known>();
  readonly moments = moment.ended | moment.alive;
  readonly events: NonNullable<Watch['events']>;

  constructor(around: Around) {
    this.#around = around;
    const readers = Object.entries(loginReaders()).map(([kind, read]) => [
      kind,
      (event: AnyEvent, at: EventPlace): void => {
        const login = read(event, at);
        if (login?.isClear === true && !this.#sealed.has(at.flowId)) this.#heard(login, at);
      },
    ]);
    this.events = { ...Object.fromEntries(readers), tls: (_event, at) => this.#sealed.add(at.flowId) };
  }

  /** Logins of which only the protocol's name is known. */
  flow(s: FlowSignal): void {
    const isLogin = s.app !== '' && s.oPayload > 0 && bareLogins.has(s.app);
    if (!isLogin) return;
    const client = originator(s);
    const server = responder(s);
    const about = this.#recall(`${server}:${s.rPort} ${s.app}`, s.firstUs, s.firstPacket);
    if (about === null) return;
    note(about.clients, client);
    about.severity = 'low';
    about.times = Math.max(1, about.times);
    if (about.told > 0) return;
    about.told = 1;
    this.#around.raise({
      ...this.#evidence(`${server}:${s.rPort} ${s.app}`, about, server),
      explain: `${client} logged in to ${server}:${s.rPort} by ${s.app}, which hides nothing.`,
      packets: [s.firstPacket],
      flows: [communityOf(s)],
      filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
    });
  }

  #heard(login: Login, at: EventPlace): void {
    const client = clientOf(at);
    const server = serverOf(at);
    const key = `${server}:${at.sPort} ${login.service}`;
    const about = this.#recall(key, at.timeUs, at.packet);
    if (about === null) return;
    note(about.users, login.user);
    note(about.clients, client);
    const times = ++about.times;
    const severity = worse(about.severity, this.#severityOf(login, at));
    const isWorse = severity !== about.severity;
    about.severity = severity;
    if (times < this.#around.options.logins || (!isWorse && times < 2 * about.told)) return;
    about.told = times;
    const who = about.users.length === 0 ? '' : ` of ${about.users.map((user) => JSON.stringify(user)).join(', ')}`;
    this.#around.raise({
      ...this.#evidence(key, about, server),
      explain: `${client} sent the secret${who} in clear to ${server}:${at.sPort} (${login.service}, ${counted(times, 'login')} at this server).`,
      flows: [communityAt(at)],
      filter: `${betweenHosts(client, server)} && ${login.filter}`,
    });
  }

  #evidence(key: string, about: Known, server: string) {
    return {
      key,
      sources: [...about.clients],
      targets: [server],
      severity: about.severity,
      observed: about.times,
      threshold: this.#around.options.logins,
      unit: 'logins',
      firstUs: about.firstUs,
      firstPacket: about.firstPacket,
      count: about.times,
    };
  }

  /** Null when there are too many already. */
  #recall(key: string, firstUs: number, firstPacket: number): Known | null {
    const had = this.#known.get(key);
    if (had !== undefined) return had;
    if (this.#known.size >= knownLimit) return null;
    const made: Known = { users: [], clients: [], severity: 'info', times: 0, told: 0, firstUs, firstPacket };
    this.#known.set(key, made);
    return made;
  }

  /** Bad practice, but nobody's attack: worth a look; a community, which many share, is a remark in the own network. */
  #severityOf({ service }: Login, at: EventPlace): Severity {
    if (!service.startsWith('SNMP')) return 'low';
    const { network } = this.#around;
    const isInside =
      network.isLocal(at.ipVersion, at.s0, at.s1, at.s2, at.s3) &&
      network.isLocal(at.ipVersion, at.c0, at.c1, at.c2, at.c3);
    return isInside ? 'info' : 'low';
  }
}

export const cleartext = defineDetector({
  name: 'cred.clear',
  title: 'Password sent in clear',
  version: 1,
  severity: 'low',
  mitre: 'T1040',
  meaning: 'Everybody on the way can read the password and log in with it; often it opens other doors, too.',
  benign: 'Throw-away accounts and test systems; devices that know nothing better, inside the own network.',
  next: 'Change the password, and use the encrypted variant of the protocol (FTPS, IMAPS, HTTPS, SSH, SNMPv3).',
  options,
  open: (around) => new CleartextWatch(around),
});
