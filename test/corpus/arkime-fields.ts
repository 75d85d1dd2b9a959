// Fields of Arkime's sessions that applications fill, and where ours say the same: paths of EVE lines, and `kind:field` of
// values. Not compared: what Arkime looks up (GEO, ASN, tags), hashes of contents, whole headers, secrets in clear.

import { domainToASCII } from 'node:url';

export type Body = Readonly<Record<string, unknown>>;

/** The shortest form of an IPv6 address; lower case and blanks as they are of all else. */
export function normal(value: unknown): string {
  const text = String(value);
  if (/^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i.test(text) && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) {
    try {
      return new URL(`http://[${text}]`).hostname.slice(1, -1);
    } catch {
      return text.toLowerCase();
    }
  }
  return text.toLowerCase();
}

/** What was told of a session's flows: scalars by path, kinds of events. */
export interface Told {
  readonly values: Map<string, Set<string>>;
  readonly kinds: Set<string>;
}

export const toldNothing = (): Told => ({ values: new Map(), kinds: new Set() });

export interface ComparedField {
  readonly field: string;
  readonly theirs: string;
  readonly ours: string;
  readonly isEqual: boolean;
}

interface Rule {
  readonly field: string;
  /** Where ours stands. */
  readonly at: readonly string[];
  /** Ours holds theirs among other text. */
  readonly isPart?: boolean;
  /** Theirs in our words. */
  readonly word?: (theirs: string) => string;
}

const rule = (field: string, at: string, more: Omit<Rule, 'field' | 'at'> = {}): Rule => ({
  field,
  at: at.split(' '),
  ...more,
});

/** `1.1` of `http/1.1`. */
const withHttp = (version: string): string => `http/${version}`;
const tlsVersion = (version: string): string =>
  version
    .replace(/^tlsv/, 'tls ')
    .replace('tls 1.0', 'tlsv1')
    .replace('-draft', ' draft')
    .replace(/^tls 1$/, 'tlsv1');
const withoutDots = (id: string): string => id.replace(/[^0-9a-f]/g, '');
const withoutBrackets = (id: string): string => id.replace(/^<|>$/g, '');
/** Zeek's log leaves the tags of a dialogue away. */
const withoutTag = (address: string): string => address.replace(/;tag=.*/, '');
const rootless = (name: string): string =>
  name === '<root>' ? '' : [...name].some((c) => c > '~') ? domainToASCII(name) : name;
const headSpaces = (text: string): string => text.replace(/\s+/g, ' ').trim();

const rules: readonly Rule[] = [
  rule('http.method', 'http.http_method'),
  rule('http.host', 'http.hostname http:host tls.sni quic.sni'),
  rule('http.path', 'http.url http:uri', { isPart: true }),
  rule('http.statuscode', 'http.status http.status_string http:infoStatus'),
  rule('http.useragent', 'http.http_user_agent'),
  rule('http.request-referer', 'http.http_refer'),
  rule('http.response-location', 'http.redirect'),
  rule('http.user', 'http:username'),
  rule('http.authType', 'http:authorization ntlm:kind'),
  rule('http.clientVersion', 'http.protocol', { word: withHttp }),
  rule('http.serverVersion', 'http:version'),
  rule('http.bodyMagic', 'file:mimeType http:responseMimeTypes http:requestMimeTypes'),
  rule('tls.version', 'tls.version tls:version dtls:version', { word: tlsVersion }),
  rule('tls.cipher', 'tls:cipher dtls:cipher'),
  rule('tls.ja3', 'tls.ja3.hash quic.ja3.hash'),
  rule('tls.ja3s', 'tls.ja3s.hash quic.ja3s.hash'),
  rule('tls.ja3string', 'tls.ja3.string quic.ja3.string'),
  rule('tls.ja3sstring', 'tls.ja3s.string quic.ja3s.string'),
  rule('tls.ja4', 'tls.ja4 quic.ja4'),
  rule('ssh.version', 'ssh:clientBanner ssh:serverBanner'),
  rule('ssh.hassh', 'ssh.client.hassh.hash'),
  rule('ssh.hasshServer', 'ssh.server.hassh.hash'),
  rule('email.src', 'smtp:sender smtp:from', { isPart: true }),
  rule('email.dst', 'smtp:recipients smtp:to smtp:cc', { isPart: true }),
  rule('email.subject', 'smtp:subject', { word: headSpaces }),
  rule('email.id', 'smtp:messageId', { isPart: true, word: withoutBrackets }),
  rule('email.useragent', 'smtp:userAgent smtp:xMailer'),
  rule('email.filename', 'smtp:attachments'),
  rule('email.smtpHello', 'smtp:helo'),
  rule('email.ip', 'smtp:path smtp:received smtp:originatingIp', { isPart: true }),
  rule('email.host', 'smtp:received', { isPart: true }),
  rule('smb.share', 'smb.share smb.named_pipe'),
  rule('smb.filename', 'smb.filename smb.directory', { isPart: true }),
  rule('smb.user', 'smb.ntlmssp.user'),
  rule('smb.domain', 'smb.ntlmssp.domain'),
  rule('smb.host', 'smb.ntlmssp.host'),
  rule('smb.dialect', 'smb.dialect smb.client_dialects', {
    isPart: true,
    word: (text) => text.replace(/^(smb|nt lm) /, '').replace('3.1.1', '3.11'),
  }),
  rule('smb.os', 'smb.request.native_os smb.response.native_os'),
  rule('smb.version', 'smb.request.native_lm smb.response.native_lm'),
  rule('ntlm.user', 'ntlm:user smb.ntlmssp.user'),
  rule('ntlm.domain', 'ntlm:domain smb.ntlmssp.domain'),
  rule('ntlm.host', 'ntlm:host smb.ntlmssp.host'),
  rule('ntlm.version', 'ntlm:version smb.ntlmssp.version', {
    isPart: true,
    word: (text) => text.replace(/^(\d+\.\d+)\./, '$1 build '),
  }),
  rule('dcerpc.uuid', 'dcerpc.interfaces.uuid smb.dcerpc.interfaces.uuid'),
  rule('dcerpc.opnum', 'dcerpc.req.opnum smb.dcerpc.opnum'),
  rule('krb5.realm', 'krb5.realm'),
  rule('krb5.cname', 'krb5.cname'),
  rule('krb5.sname', 'krb5.sname', { isPart: true }),
  rule('ldap.bindname', 'ldap.request.bind_request.name ldap.request.bind_request.sasl.mechanism ldap:object', {
    word: rootless,
  }),
  rule('quic.host', 'quic.sni'),
  rule('quic.useragent', 'quic.ua'),
  rule('quic.version', 'quic.version quic:versionName'),
  rule('dhcp.host', 'dhcp.hostname'),
  rule('dhcp.mac', 'dhcp.client_mac'),
  rule('radius.user', 'radius:userName'),
  rule('radius.mac', 'radius:mac', { isPart: true }),
  rule('radius.framedIp', 'radius:framedAddress'),
  rule('radius.nasIp', 'radius:nasAddress'),
  rule('mysql.user', 'mysql:user'),
  rule('mysql.version', 'mysql:serverVersion'),
  rule('postgresql.user', 'pgsql.request.startup_parameters.user'),
  rule('postgresql.db', 'pgsql.request.startup_parameters.optional_parameters.database'),
  rule('postgresql.app', 'pgsql.request.startup_parameters.optional_parameters.application_name'),
  rule('irc.nick', 'irc:nick irc:value'),
  rule('irc.channel', 'irc:value irc:detail', { isPart: true }),
  rule('snmp.version', 'snmp.version', { word: (v) => v }),
  rule('mqtt.clientId', 'mqtt.connect.client_id'),
  rule('mqtt.topic', 'mqtt.publish.topic mqtt.subscribe.topics.topic mqtt.unsubscribe.topics mqtt.connect.will.topic'),
  rule('mqtt.version', 'mqtt_connect:version'),
  rule('mqtt.willTopic', 'mqtt.connect.will.topic'),
  rule('mqtt.connackCode', 'mqtt.connack.return_code'),
  rule('ntp.version', 'ntp.version'),
  rule('sip.method', 'sip.method'),
  rule('sip.statuscode', 'sip.code'),
  rule('sip.callid', 'sip:callId'),
  rule('sip.from', 'sip:requestFrom sip:responseFrom', { isPart: true, word: withoutTag }),
  rule('sip.to', 'sip:requestTo sip:responseTo', { isPart: true, word: withoutTag }),
  rule('sip.user', 'sip:user'),
  rule('sip.useragent', 'sip:userAgent'),
  rule('sip.contact', 'sip:contact', { isPart: true }),
  rule('stun.mappedIp', 'stun:mappedAddress'),
  rule('stun.mappedPort', 'stun:mappedPort'),
  rule('stun.xorMappedIp', 'stun:mappedAddress'),
  rule('stun.xorMappedPort', 'stun:mappedPort'),
  rule('stun.xorRelayedIp', 'stun:relayedAddress'),
  rule('stun.xorRelayedPort', 'stun:relayedPort'),
  rule('stun.realm', 'stun:realm'),
  rule('stun.software', 'stun:software', { word: (text) => text }),
  rule('stun.username', 'stun:user'),
  rule('stun.error', 'stun:errorCode'),
  rule('socks.host', 'socks:hostName'),
  rule('socks.ip', 'socks:host socks:boundHost'),
  rule('socks.port', 'socks:port socks:boundPort'),
  rule('socks.user', 'socks:user'),
  rule('isakmp.initiatorSpi', 'ike.init_spi'),
  rule('isakmp.responderSpi', 'ike.resp_spi'),
  rule('opcua.endpointUrl', 'opcua:endpoint'),
  rule('opcua.securityPolicyUri', 'opcua:securityPolicy', { word: (uri) => uri.slice(uri.indexOf('#') + 1) }),
  rule('websocket.opcode', 'websocket.opcode'),
  rule(
    'user',
    'ftp:user pop3:user imap:user smtp:user mqtt.connect.username telnet:user socks:user radius:userName ntlm:user smb.ntlmssp.user irc:user snmp.usm postgresql:user',
    {},
  ),
];

const certificateRules: readonly Rule[] = [
  rule('hash', 'x509:sha1', { word: withoutDots }),
  rule('serial', 'x509:serial', { word: (hex) => hex.replace(/^(00)+/, '') }),
  rule('issuerCN', 'x509:issuer', { isPart: true }),
  rule('issuerON', 'x509:issuer', { isPart: true, word: (name) => name.replace(/[,"+]/g, '\\$&') }),
  rule('issuerOU', 'x509:issuer', { isPart: true, word: (name) => name.replace(/[,"+]/g, '\\$&') }),
  rule('subjectCN', 'x509:subject', { isPart: true }),
  rule('subjectON', 'x509:subject', { isPart: true, word: (name) => name.replace(/[,"+]/g, '\\$&') }),
  rule('subjectOU', 'x509:subject', { isPart: true, word: (name) => name.replace(/[,"+]/g, '\\$&') }),
  rule('notBefore', 'x509:notBeforeUs', { word: (ms) => String(Number(ms) * 1000) }),
  rule('notAfter', 'x509:notAfterUs', { word: (ms) => String(Number(ms) * 1000) }),
  rule('alt', 'x509:dnsNames x509:ipAddresses x509:emails x509:uris'),
  rule('publicAlgorithm', 'x509:keyAlgorithm'),
  rule('curve', 'x509:curve'),
];

/** The same key of all records of a message, of DNS and mDNS. */
const ofRecords = (key: string): string =>
  `${['answers', 'authorities', 'additionals'].map((section) => `dns.${section}.${key}`).join(' ')} mdns:records.${key}`;
const rdata = ofRecords('rdata');
const dnsRules: readonly Rule[] = [
  rule('queryHost', 'dns.queries.rrname mdns.queries.rrname', { word: rootless }),
  rule('qt', 'dns.queries.rrtype mdns.queries.rrtype'),
  rule('status', 'dns.rcode', { word: (name) => name.replace('notimpl', 'notimp') }),
  rule('opcode', 'dns.opcode mdns.opcode', {
    word: (name) => ({ query: '0', iquery: '1', status: '2', notify: '4', update: '5' })[name] ?? name,
  }),
  rule('ip', rdata),
  rule('mailserverHost', 'dns.answers.rdata dns.answers.mx.exchange dns.answers.mx.name', { isPart: true }),
  rule('nameserverHost', rdata),
];
const answerRules: readonly Rule[] = [
  rule('ip', rdata),
  rule('cname', rdata),
  rule('nameserver', rdata),
  rule('mx', rdata, { isPart: true }),
  rule('type', ofRecords('rrtype')),
  rule('ttl', ofRecords('ttl')),
  rule('name', ofRecords('rrname'), { word: rootless }),
];

/** What a body says at a dotted path, as a list. */
function listAt(body: unknown, path: string): unknown[] {
  let value: unknown = body;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null) return [];
    value = (value as Body)[part];
  }
  return value === undefined ? [] : [value].flat();
}

function* hold(body: unknown, list: readonly Rule[], prefix: string, { values }: Told): Generator<ComparedField> {
  for (const { field, at, isPart = false, word = (text: string) => text } of list) {
    const wanted = listAt(body, field);
    if (wanted.length === 0) continue;
    const ours = at.flatMap((path) => [...(values.get(path) ?? [])]);
    for (const one of wanted) {
      const theirs = word(normal(one));
      const isEqual = isPart ? ours.some((text) => text.includes(theirs)) : ours.includes(theirs);
      yield { field: `${prefix}${field}`, theirs, ours: ours.join(' | '), isEqual };
    }
  }
}

/** All fields of a session that may be compared, value by value. */
export function* appFields(body: Body, told: Told): Generator<ComparedField> {
  yield* hold(body, rules, '', told);
  for (const certificate of (body.cert ?? []) as Body[]) yield* hold(certificate, certificateRules, 'cert.', told);
  for (const message of (body.dns ?? []) as Body[]) {
    yield* hold(message, dnsRules, 'dns.', told);
    for (const answer of (message.answers ?? []) as Body[]) yield* hold(answer, answerRules, 'dns.answers.', told);
  }
}
