// Certificates as a kind of event (RFC 5280): one per certificate of a chain, told by whoever carries it.

import { type EventOf, flag, number, text, texts } from '../../../../core/index.ts';
import { defineProtocol } from '../../protocol.ts';
import type { SeenCertificate } from './chain.ts';

export const x509 = defineProtocol({
  name: 'x509',
  title: 'X.509 certificate',
  family: 'other',
  zeekLog: 'x509',
  fields: {
    fingerprint: text('SHA-256 of the certificate', { zeek: 'fingerprint' }),
    sha1: text('SHA-1 of the certificate'),
    version: number('Version', { zeek: 'certificate.version' }),
    serial: text('Serial number', { zeek: 'certificate.serial' }),
    subject: text('Subject', { zeek: 'certificate.subject' }),
    issuer: text('Issuer', { zeek: 'certificate.issuer' }),
    cn: text('Common name of the subject'),
    notBeforeUs: number('Valid from', { zeek: 'certificate.not_valid_before', unit: 'time' }),
    notAfterUs: number('Valid until', { zeek: 'certificate.not_valid_after', unit: 'time' }),
    keyAlgorithm: text('Algorithm of the key', { zeek: 'certificate.key_alg' }),
    signatureAlgorithm: text('Algorithm of the signature', { zeek: 'certificate.sig_alg' }),
    keyType: text('Type of the key', { zeek: 'certificate.key_type' }),
    keyBits: number('Size of the key', { zeek: 'certificate.key_length', unit: 'bits' }),
    exponent: text('Exponent of an RSA key', { zeek: 'certificate.exponent' }),
    curve: text('Curve of the key', { zeek: 'certificate.curve' }),
    dnsNames: texts('Alternative names: hosts', { zeek: 'san.dns' }),
    uris: texts('Alternative names: URIs', { zeek: 'san.uri' }),
    emails: texts('Alternative names: mail addresses', { zeek: 'san.email' }),
    ips: texts('Alternative names: addresses', { zeek: 'san.ip' }),
    isCa: flag('May sign certificates', { zeek: 'basic_constraints.ca' }),
    pathLength: number('Certificates allowed below it', { zeek: 'basic_constraints.path_len' }),
    isHost: flag('First of its chain', { zeek: 'host_cert' }),
    isClient: flag('Sent by the client', { zeek: 'client_cert' }),
    isSelfSigned: flag('Subject and issuer are the same'),
    validity: text('At the time it was seen: valid, expired, not yet valid'),
  },
});

/** `valid`, `expired` or `not yet valid`; null when its dates cannot be read. */
export function validityAt({ certificate }: SeenCertificate, timeUs: number): string | null {
  if (certificate === null || certificate.notBeforeSec === null || certificate.notAfterSec === null) return null;
  if (timeUs < certificate.notBeforeSec * 1e6) return 'not yet valid';
  return timeUs > certificate.notAfterSec * 1e6 ? 'expired' : 'valid';
}

/** Null for a certificate that cannot be read. */
export function x509Event(
  seen: SeenCertificate,
  isHost: boolean,
  isClient: boolean,
  timeUs: number,
): EventOf<typeof x509.fields> | null {
  const { certificate } = seen;
  if (certificate === null) return null;
  const event: EventOf<typeof x509.fields> = {
    fingerprint: seen.sha256,
    sha1: seen.sha1,
    version: certificate.version,
    serial: certificate.serialNumber,
    subject: certificate.subject.reversed,
    issuer: certificate.issuer.reversed,
    keyAlgorithm: certificate.keyAlgorithm,
    signatureAlgorithm: certificate.signatureAlgorithm,
    keyType: certificate.keyType,
    keyBits: certificate.keyBits,
    isHost,
    isClient,
    isSelfSigned: certificate.isSelfSigned,
  };
  if (certificate.subject.commonName !== '') event.cn = certificate.subject.commonName;
  if (certificate.notBeforeSec !== null) event.notBeforeUs = certificate.notBeforeSec * 1e6;
  if (certificate.notAfterSec !== null) event.notAfterUs = certificate.notAfterSec * 1e6;
  if (certificate.exponent !== '') event.exponent = certificate.exponent;
  if (certificate.curve !== '') event.curve = certificate.curve;
  if (certificate.dnsNames.length > 0) event.dnsNames = [...certificate.dnsNames];
  if (certificate.uris.length > 0) event.uris = [...certificate.uris];
  if (certificate.emails.length > 0) event.emails = [...certificate.emails];
  if (certificate.ips.length > 0) event.ips = [...certificate.ips];
  if (certificate.isCa !== null) event.isCa = certificate.isCa;
  if (certificate.pathLength !== null) event.pathLength = certificate.pathLength;
  const validity = validityAt(seen, timeUs);
  if (validity !== null) event.validity = validity;
  return event;
}
