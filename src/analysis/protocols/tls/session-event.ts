// A TLS connection as an event: the words of Suricata's `tls` and Zeek's ssl.log, of one state.

import type { EventOf } from '../../../core/index.ts';
import { type ClientHello, isGrease } from './client-hello.ts';
import type { EveCertificate, tlsFields } from './fields.ts';
import { fingerprintsOf, highestVersion, ja3sOf } from './ja.ts';
import { cipherSuiteName } from './registry/cipher-suites.ts';
import { eveVersion, groupName, zeekVersion } from './registry/names.ts';
import type { TlsSession } from './session.ts';
import { sslv2SuiteName } from './sslv2.ts';
import type { SeenCertificate } from './x509/chain.ts';
import { isForHost } from './x509/host-match.ts';
import { validityAt } from './x509/x509.ts';

type TlsEvent = EventOf<typeof tlsFields>;

export function sessionEvent(session: TlsSession): TlsEvent {
  const event: TlsEvent = {
    version: versionOf(session),
    resumed: session.resumed,
    established: session.established,
    history: session.history,
  };
  const before = session.conversation.after;
  if (before !== null) event.fromProto = before === 'postgresql' ? 'pgsql' : before;
  if (session.version !== -1) event.zeekVersion = zeekVersion(session.version);
  if (session.cipherSuite !== -1) event.cipher = suiteName(session.cipherSuite);
  if (session.group !== -1) event.curve = groupName(session.group);
  if (session.sessionResumed) event.sessionResumed = true;
  if (session.lastAlert !== '') event.lastAlert = session.lastAlert;
  if (session.nextProtocol !== '') {
    event.nextProtocol = session.nextProtocol;
    event.serverAlpns = [session.nextProtocol];
  } else if (session.server?.npn && session.server.npn.length > 0) event.serverAlpns = [...session.server.npn];
  if (session.client !== null) addClient(event, session, session.client);
  addServer(event, session);
  addChains(event, session);
  return event;
}

/** The server's; while it did not answer that of a client that offers no choice. */
function versionOf({ version, client }: TlsSession): string {
  if (version === -1 && client !== null && client.supportedVersions.length === 0) return eveVersion(client.version);
  return eveVersion(version);
}

const suiteName = (suite: number): string => sslv2SuiteName(suite) ?? cipherSuiteName(suite);

function addClient(event: TlsEvent, session: TlsSession, hello: ClientHello): void {
  const { crypto } = session.conversation;
  if (hello.sni !== null) event.sni = hello.sni;
  if (hello.alpn.length > 0) event.clientAlpns = [...hello.alpn];
  if (hello.hasEch) event.hasEch = true;
  if (hello.keyShareGroups.length > 0) event.keyShares = withoutGrease(hello.keyShareGroups);
  if (hello.randomHex === '') return;
  const { ja3, ja4 } = fingerprintsOf(hello, session.transport, crypto);
  event.ja3 = ja3.hash;
  event.ja3Text = ja3.text;
  event.ja4 = ja4;
  event.clientHandshake = {
    version: eveVersion(highestVersion(hello)),
    ...told('ciphers', hello.cipherSuites),
    ...told('exts', hello.extensions),
    ...told('sig_algs', hello.signatureAlgorithms),
  };
}

function addServer(event: TlsEvent, session: TlsSession): void {
  const { server, retry } = session;
  if (retry !== null) event.retryJa3s = ja3sOf(retry, session.conversation.crypto).hash;
  if (server === null) return;
  const ja3s = ja3sOf(server, session.conversation.crypto);
  event.ja3s = ja3s.hash;
  event.ja3sText = ja3s.text;
  event.serverHandshake = {
    version: eveVersion(server.version),
    cipher: server.cipherSuite,
    ...told('exts', server.extensions),
  };
}

const withoutGrease = (values: readonly number[]): number[] => values.filter((value) => !isGrease(value));

/** A list under its key; EVE knows no empty ones there. */
function told<K extends string>(key: K, values: readonly number[]): Partial<Record<K, number[]>> {
  const some = withoutGrease(values);
  return some.length === 0 ? {} : ({ [key]: some } as Partial<Record<K, number[]>>);
}

function addChains(event: TlsEvent, session: TlsSession): void {
  const { serverChain, clientChain } = session;
  if (serverChain.length === 0 && clientChain.length === 0) return;
  event.certificates = serverChain.map((seen) => seen.sha256);
  event.clientCertificates = clientChain.map((seen) => seen.sha256);
  if (serverChain.length > 0) addServerCertificate(event, session, serverChain[0]);
  if (clientChain.length > 0) event.client = eveCertificate(clientChain[0]);
}

function addServerCertificate(event: TlsEvent, session: TlsSession, seen: SeenCertificate): void {
  const eve = eveCertificate(seen);
  event.fingerprint = eve.fingerprint;
  const { certificate } = seen;
  if (certificate === null) return;
  event.subject = eve.subject;
  event.issuer = eve.issuerdn;
  event.serial = eve.serial;
  if (eve.notbefore !== undefined) event.notBefore = eve.notbefore;
  if (eve.notafter !== undefined) event.notAfter = eve.notafter;
  if (eve.subjectaltname !== undefined) event.alternativeNames = eve.subjectaltname;
  const validity = validityAt(seen, session.conversation.timeUs);
  if (validity !== null) event.validity = validity;
  event.isSelfSigned = certificate.isSelfSigned;
  event.keyType = certificate.keyType;
  event.keyBits = certificate.keyBits;
  event.signatureAlgorithm = certificate.signatureAlgorithm;
  const host = session.client?.sni;
  if (host !== null && host !== undefined) event.sniMatches = isForHost(certificate, host);
}

function eveCertificate(seen: SeenCertificate): EveCertificate & { fingerprint: string } {
  const eve: EveCertificate & { fingerprint: string } = { fingerprint: withColons(seen.sha1) };
  const { certificate } = seen;
  if (certificate === null) return eve;
  eve.subject = certificate.subject.inOrder;
  eve.issuerdn = certificate.issuer.inOrder;
  eve.serial = certificate.serialBytes;
  if (certificate.notBeforeSec !== null) addTime(eve, 'notbefore', certificate.notBeforeSec);
  if (certificate.notAfterSec !== null) addTime(eve, 'notafter', certificate.notAfterSec);
  if (certificate.alternativeNames.length > 0) eve.subjectaltname = [...certificate.alternativeNames];
  return eve;
}

const firstYear1000 = -30_610_224_000;
const firstYear3000 = 32_503_680_000;

/** `2018-04-14T20:55:27`. EVE knows the years 1000 to 2999; an end in the year 9999 means that there is none, and is left out. */
function addTime(eve: EveCertificate, key: 'notbefore' | 'notafter', sec: number): void {
  if (sec >= firstYear1000 && sec < firstYear3000) eve[key] = new Date(sec * 1000).toISOString().slice(0, 19);
}

function withColons(hex: string): string {
  let out = hex.slice(0, 2);
  for (let i = 2; i < hex.length; i += 2) out += `:${hex.slice(i, i + 2)}`;
  return out;
}
