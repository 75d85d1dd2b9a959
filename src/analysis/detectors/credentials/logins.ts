// Logins in events of protocols: who, and whether the secret can be read by whoever listens. The secret itself is in none of
// them.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';

/** One login that was seen. */
export interface Login {
  /** As people call it: `FTP`, `HTTP Basic`. */
  readonly service: string;
  /** Empty when it is not known. */
  readonly user: string;
  /** The secret itself went over the wire; otherwise something made of it, that can be guessed offline. */
  readonly isClear: boolean;
  /** Wireshark's words for where it is. */
  readonly filter: string;
}

export type LoginReader = (event: AnyEvent, at: EventPlace) => Login | null;

const userLimit = 64;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const userOf = (value: unknown): string => textOf(value).slice(0, userLimit);
const partOf = (value: unknown): AnyEvent =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AnyEvent) : {};

/** By custom these have no password worth hiding. */
const guests = new Set(['anonymous', 'ftp', 'guest', 'anoncvs']);
/** SASL mechanisms that send the secret as it is (RFC 4616, LOGIN), or a token that is as good. */
const clearMechanisms = new Set(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER']);

function ftp(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'log' || textOf(event.command).toUpperCase() !== 'PASS') return null;
  const user = userOf(event.user);
  return guests.has(user.toLowerCase())
    ? null
    : { service: 'FTP', user, isClear: true, filter: 'ftp.request.command == "PASS"' };
}

function sasl(service: string, mechanism: string, user: string, filter: string): Login | null {
  if (mechanism === '' || mechanism === 'EXTERNAL' || mechanism === 'ANONYMOUS') return null;
  const word = mechanism.toUpperCase();
  return { service: `${service} ${word.slice(0, 32)}`, user, isClear: clearMechanisms.has(word), filter };
}

function imap(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'log') return null;
  if (event.command === 'LOGIN')
    return { service: 'IMAP', user: userOf(event.user), isClear: true, filter: 'imap.request.command == "login"' };
  if (event.command !== 'AUTHENTICATE') return null;
  return sasl('IMAP', textOf(event.mechanism), userOf(event.user), 'imap');
}

/** POP tells the mechanism with one command and the user with the next. */
function pop3(): LoginReader {
  const mechanisms = new Map<number, string>();
  return (event, at) => {
    if (at.only === 'log') return null;
    const request = partOf(event.request);
    const command = textOf(request.command);
    const user = userOf(event.user);
    const filter = 'pop.request.command';
    if (command === 'PASS') return { service: 'POP3', user, isClear: true, filter };
    if (command === 'APOP') return { service: 'POP3 APOP', user, isClear: false, filter };
    if (command === 'AUTH') {
      const [mechanism] = Array.isArray(request.args) ? (request.args as unknown[]) : [];
      // The oldest goes when there are too many that wait.
      if (mechanisms.size >= 256) mechanisms.delete(mechanisms.keys().next().value as number);
      mechanisms.set(at.flowId, textOf(mechanism));
      return user === '' ? null : sasl('POP3', textOf(mechanism), user, filter);
    }
    if (command !== '<SASL DATA>' || user === '') return null;
    return sasl('POP3', mechanisms.get(at.flowId) ?? 'PLAIN', user, filter);
  };
}

function smtp(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'log') return null;
  return sasl('SMTP', textOf(event.authMechanism), userOf(event.user), 'smtp.req.command == "AUTH"');
}

function http(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'eve') return null;
  const scheme = textOf(event.authorization).toLowerCase();
  const user = userOf(event.username);
  const filter = 'http.authorization';
  if (scheme === 'basic') return { service: 'HTTP Basic', user, isClear: true, filter };
  if (scheme === 'digest') return { service: 'HTTP Digest', user, isClear: false, filter };
  const isNtlm = (scheme === 'ntlm' || scheme === 'negotiate') && user !== '';
  return isNtlm ? { service: 'NTLM', user, isClear: false, filter: 'ntlmssp' } : null;
}

function telnet(event: AnyEvent): Login | null {
  const isTried = typeof event.loginAttempts === 'number' && event.loginAttempts > 0;
  return isTried ? { service: 'Telnet', user: userOf(event.user), isClear: true, filter: 'telnet' } : null;
}

function ldap(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'eve' || event.operation !== 'bind simple') return null;
  const user = userOf(event.object);
  // Without a name it is an anonymous one (RFC 4513 §5.1.1).
  return user === '' ? null : { service: 'LDAP simple bind', user, isClear: true, filter: 'ldap.simple' };
}

function snmp(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'log' || (event.version !== 1 && event.version !== 2) || textOf(event.community) === '') return null;
  const service = event.version === 1 ? 'SNMPv1 community' : 'SNMPv2c community';
  return { service, user: '', isClear: true, filter: 'snmp.community' };
}

function socks(event: AnyEvent): Login | null {
  if (event.password === undefined) return null;
  return { service: 'SOCKS5', user: userOf(event.user), isClear: true, filter: 'socks.password' };
}

function ntlm(event: AnyEvent): Login | null {
  const user = userOf(event.user);
  return user === '' ? null : { service: 'NTLM', user, isClear: false, filter: 'ntlmssp.messagetype == 3' };
}

/** What a ticket or a proof of the key is made of a password is known to: AS exchanges, and tickets with RC4. */
function kerberos(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only !== 'eve' || event.message !== 'KRB_AS_REP') return null;
  return {
    service: 'Kerberos',
    user: userOf(event.cname),
    isClear: false,
    filter: 'kerberos.msg_type == 11',
  };
}

function mqtt(event: AnyEvent): Login | null {
  const connect = partOf(event.connect);
  if (connect.password === undefined) return null;
  return { service: 'MQTT', user: userOf(connect.username), isClear: true, filter: 'mqtt.passwd' };
}

function redis(event: AnyEvent): Login | null {
  if (textOf(event.command).toUpperCase() !== 'AUTH') return null;
  return { service: 'Redis', user: userOf(event.user), isClear: true, filter: 'tcp.port == 6379' };
}

function postgresql(event: AnyEvent, at: EventPlace): Login | null {
  if (at.only === 'eve') return null;
  const backend = textOf(event.backendArgument);
  const user = userOf(event.user);
  if (/clear/i.test(backend)) return { service: 'PostgreSQL', user, isClear: true, filter: 'pgsql.password' };
  return /md5/i.test(backend) ? { service: 'PostgreSQL MD5', user, isClear: false, filter: 'pgsql.password' } : null;
}

const xmpp: LoginReader = (event) => sasl('XMPP', textOf(event.mechanism), '', 'xmpp');
const sip: LoginReader = (event) =>
  textOf(event.authorization).toLowerCase() === 'digest'
    ? { service: 'SIP Digest', user: userOf(event.user), isClear: false, filter: 'sip.auth' }
    : null;
const rtsp: LoginReader = (event) => {
  const scheme = textOf(event.authorization).toLowerCase();
  if (scheme !== 'basic' && scheme !== 'digest') return null;
  const isClear = scheme === 'basic';
  return { service: `RTSP ${isClear ? 'Basic' : 'Digest'}`, user: userOf(event.user), isClear, filter: 'rtsp' };
};
const vnc: LoginReader = (event) =>
  event.challenge === undefined ? null : { service: 'VNC', user: '', isClear: false, filter: 'vnc.auth_response' };

const passwordField =
  /^(?:(?:user|login|account|j|txt|frm)?_?-?(?:password|passwd|passwort|passphrase|pwd|pass)|pw|senha|contrasena|mot_de_passe)$/i;
const userField =
  /^(?:(?:user|login|account|j|txt|frm)?_?-?(?:username|userid|user_name|name|user|login|email|mail|uname|log)|uid)$/i;

/** A form of a web page, sent without TLS: the name of one of its fields says that it is a password. */
function form(event: AnyEvent): Login | null {
  const target = textOf(event.target);
  const query = target.indexOf('?');
  const isForm = textOf(event.contentType).toLowerCase().startsWith('application/x-www-form-urlencoded');
  const text = isForm && event.method === 'POST' ? textOf(event.body) : query < 0 ? '' : target.slice(query + 1);
  if (text === '') return null;
  let hasPassword = false;
  let user = '';
  for (const pair of text.slice(0, 4096).split('&', 64)) {
    const equal = pair.indexOf('=');
    if (equal < 1 || equal > 32 || equal === pair.length - 1) continue;
    const name = pair.slice(0, equal);
    if (passwordField.test(name)) hasPassword = true;
    else if (user === '' && userField.test(name)) user = pair.slice(equal + 1);
  }
  if (!hasPassword) return null;
  const method = isForm ? 'POST' : 'GET';
  return { service: 'HTTP form', user: userOf(user), isClear: true, filter: `http.request.method == "${method}"` };
}

/** By kind of event. */
export const loginReaders = (): Readonly<Record<string, LoginReader>> => ({
  ftp,
  imap,
  pop3: pop3(),
  smtp,
  http,
  http2: http,
  http_request: form,
  telnet,
  ldap,
  snmp,
  socks,
  ntlm,
  kerberos,
  mqtt,
  redis,
  postgresql,
  xmpp,
  sip,
  rtsp,
  vnc,
});
