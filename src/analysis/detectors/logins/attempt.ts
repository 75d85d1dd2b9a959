// One try to log in: who, where, by which service, as whom, and how it went. Never with what secret.

import type { AnyEvent, EventPlace, FlowSignal } from '../../../core/index.ts';

/** Services whose logins are told apart; the place in this list is part of a table's key. */
export const services = [
  'ssh',
  'ftp',
  'smtp',
  'pop3',
  'imap',
  'telnet',
  'vnc',
  'rdp',
  'smb',
  'kerberos',
  'ldap',
  'ntlm',
  'http',
  'sql',
  'sip',
  'broker',
  'socks',
  'radius',
] as const;
export type Service = (typeof services)[number];

/** Services in words. */
export const serviceTitles: Readonly<Record<Service, string>> = {
  ssh: 'SSH',
  ftp: 'FTP',
  smtp: 'SMTP',
  pop3: 'POP3',
  imap: 'IMAP',
  telnet: 'Telnet',
  vnc: 'VNC',
  rdp: 'Remote Desktop',
  smb: 'SMB',
  kerberos: 'Kerberos',
  ldap: 'LDAP',
  ntlm: 'NTLM',
  http: 'HTTP',
  sql: 'a database login',
  sip: 'SIP',
  broker: 'a message broker login',
  socks: 'SOCKS',
  radius: 'RADIUS',
};

/** How a login went, as an event tells it. `user` is empty when it is not known. */
export interface Outcome {
  readonly isSuccess: boolean;
  readonly user: string;
}

export const failed = (user: unknown): Outcome => ({ isSuccess: false, user: nameOf(user) });
export const passed = (user: unknown): Outcome => ({ isSuccess: true, user: nameOf(user) });

/** Characters of a user name that an alert shows. */
const nameChars = 64;
export const nameOf = (user: unknown): string => (typeof user === 'string' ? user.slice(0, nameChars) : '');

/** Says how a login went; null for an event that tells nothing of one. */
export type Reader = (event: AnyEvent, place: EventPlace) => Outcome | null;
/** By kind of event. */
export type Readers = Readonly<Record<string, Reader>>;

/** Where a try went, client first; reused. */
export class Attempt {
  service: Service = 'ssh';
  isSuccess = false;
  user = '';
  timeUs = 0.5;
  packet = 0.5;
  proto = 0;
  ipVersion = 0;
  readonly client: [number, number, number, number] = [0, 0, 0, 0];
  readonly server: [number, number, number, number] = [0, 0, 0, 0];
  cPort = 0;
  sPort = 0;

  atPlace(service: Service, outcome: Outcome, place: EventPlace): this {
    this.#set(service, outcome, place.timeUs, place.packet);
    const { client: c, server: s } = this;
    this.proto = place.proto;
    this.ipVersion = place.ipVersion;
    [c[0], c[1], c[2], c[3]] = [place.c0, place.c1, place.c2, place.c3];
    [s[0], s[1], s[2], s[3]] = [place.s0, place.s1, place.s2, place.s3];
    this.cPort = place.cPort;
    this.sPort = place.sPort;
    return this;
  }

  atFlow(service: Service, outcome: Outcome, signal: FlowSignal): this {
    this.#set(service, outcome, signal.timeUs, signal.packet);
    const { client: c, server: s } = this;
    this.proto = signal.proto;
    this.ipVersion = signal.ipVersion;
    [c[0], c[1], c[2], c[3]] = [signal.o0, signal.o1, signal.o2, signal.o3];
    [s[0], s[1], s[2], s[3]] = [signal.r0, signal.r1, signal.r2, signal.r3];
    this.cPort = signal.oPort;
    this.sPort = signal.rPort;
    return this;
  }

  #set(service: Service, { isSuccess, user }: Outcome, timeUs: number, packet: number): void {
    this.service = service;
    this.isSuccess = isSuccess;
    this.user = user;
    this.timeUs = timeUs;
    this.packet = packet;
  }
}
