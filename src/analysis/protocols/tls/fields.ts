// What is told of a TLS or DTLS connection: one event, as in Suricata's `tls` and Zeek's ssl.log.

import { flag, number, numbers, object, text, texts } from '../../../core/index.ts';

/** A client's certificate in EVE. */
export interface EveCertificate {
  subject?: string;
  issuerdn?: string;
  serial?: string;
  fingerprint?: string;
  notbefore?: string;
  notafter?: string;
  subjectaltname?: string[];
}

/** What JA4 is made of. */
export interface EveClientHandshake {
  version: string;
  ciphers?: number[];
  exts?: number[];
  sig_algs?: number[];
}

export interface EveServerHandshake {
  version: string;
  cipher: number;
  exts?: number[];
}

export const tlsFields = {
  sni: text('Server name asked for', {
    eve: 'tls.sni',
    zeek: 'server_name',
    filter: 'tls.handshake.extensions_server_name',
  }),
  fromProto: text('Protocol spoken before, which was left for TLS', { eve: 'tls.from_proto' }),
  version: text('Version in force', { eve: 'tls.version' }),
  zeekVersion: text("Version in force, in Zeek's words", { eve: false, zeek: 'version' }),
  cipher: text('Cipher suite in force', { zeek: 'cipher' }),
  curve: text('Group of the key exchange', { zeek: 'curve' }),
  resumed: flag('An earlier session goes on', { zeek: 'resumed' }),
  sessionResumed: flag('An earlier session goes on, no certificate was sent', { eve: 'tls.session_resumed' }),
  lastAlert: text('Last alert in clear', { zeek: 'last_alert' }),
  nextProtocol: text('Protocol the server chose', { eve: false, zeek: 'next_protocol' }),
  established: flag('Both sides went over to encryption', { zeek: 'established' }),
  history: text('Messages in order, one letter each, large ones of the client', { zeek: 'ssl_history' }),
  clientAlpns: texts('Protocols offered', { eve: 'tls.client_alpns', filter: 'tls.handshake.extensions_alpn_str' }),
  serverAlpns: texts('Protocols chosen', { eve: 'tls.server_alpns' }),
  ja3: text('JA3 of the client', { eve: 'tls.ja3.hash', filter: 'tls.handshake.ja3' }),
  ja3Text: text('What JA3 is made of', { eve: 'tls.ja3.string', filter: 'tls.handshake.ja3_full' }),
  ja3s: text('JA3S of the server', { eve: 'tls.ja3s.hash', filter: 'tls.handshake.ja3s' }),
  ja3sText: text('What JA3S is made of', { eve: 'tls.ja3s.string', filter: 'tls.handshake.ja3s_full' }),
  retryJa3s: text('JA3S of the HelloRetryRequest that the server answered first'),
  ja4: text('JA4 of the client', { eve: 'tls.ja4', filter: 'tls.handshake.ja4' }),
  subject: text('Subject of the server certificate', { eve: 'tls.subject' }),
  issuer: text('Issuer of the server certificate', { eve: 'tls.issuerdn' }),
  serial: text('Serial number of the server certificate', { eve: 'tls.serial' }),
  fingerprint: text('SHA-1 of the server certificate', { eve: 'tls.fingerprint' }),
  notBefore: text('Server certificate valid from', { eve: 'tls.notbefore' }),
  notAfter: text('Server certificate valid until', { eve: 'tls.notafter' }),
  alternativeNames: texts('Alternative names of the server certificate', { eve: 'tls.subjectaltname' }),
  validity: text('Server certificate now: valid, expired, not yet valid'),
  isSelfSigned: flag('Subject and issuer of the server certificate are the same'),
  keyType: text('Key type of the server certificate'),
  keyBits: number('Key size of the server certificate', { unit: 'bits' }),
  signatureAlgorithm: text('Signature algorithm of the server certificate'),
  certificates: texts('SHA-256 of the server certificates', { zeek: 'cert_chain_fps' }),
  clientCertificates: texts('SHA-256 of the client certificates', { zeek: 'client_cert_chain_fps' }),
  sniMatches: flag('The server certificate is for the name asked for', { zeek: 'sni_matches_cert' }),
  client: object<EveCertificate>('Certificate of the client', { eve: 'tls.client' }),
  clientHandshake: object<EveClientHandshake>('Offer of the client', { eve: 'tls.client_handshake' }),
  serverHandshake: object<EveServerHandshake>('Choice of the server', { eve: 'tls.server_handshake' }),
  hasEch: flag('An encrypted ClientHello was sent: the server name is that of the front'),
  keyShares: numbers('Groups the client sent keys for'),
};
