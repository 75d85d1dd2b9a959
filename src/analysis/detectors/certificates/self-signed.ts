// Certificates that nobody but their owner vouches for: subject and issuer are the same (RFC 5280 §6.1).

import { count, defineDetector } from '../detector.ts';
import { certificateFilter, textOf, watchTls } from './finding.ts';

/** Protocols that go over to TLS without looking at certificates (RFC 7435): mail between servers, mostly. */
const opportunistic = new Set(['smtp', 'rdp', 'pgsql', 'mysql', 'xmpp', 'ldap', 'ftp']);
/** Where users meet certificates. */
const httpsPorts = new Set([443, 8443]);

export const selfSigned = defineDetector({
  name: 'tls.self-signed',
  title: 'Self-signed certificate',
  version: 1,
  severity: 'medium',
  mitre: 'T1587.003',
  meaning:
    'Nobody vouches for the server: control servers of malware and machines in the middle show such certificates.',
  benign: 'Appliances, test servers, VPN gateways and peer-to-peer programs make their own certificates.',
  next: 'Ask who runs the server. Compare its fingerprint with one that was got another way.',
  options: { connections: count(1, 'Connections to a server before it is told') },
  open: (around) =>
    watchTls(around, (event, at, options, isLocal) => {
      if (event.isSelfSigned !== true) return null;
      const isPlain = textOf(event.fromProto) === '' && httpsPorts.has(at.sPort);
      const isExpected = isLocal || opportunistic.has(textOf(event.fromProto));
      const subject = textOf(event.subject).slice(0, 100);
      return {
        text: `shows a certificate signed by itself (${subject === '' ? 'no subject' : subject})`,
        severity: isExpected ? 'info' : isPlain ? 'medium' : 'low',
        observed: 1,
        threshold: options.connections,
        unit: 'connections',
        ...(isExpected && { against: isLocal ? 'The server is a local one.' : 'Certificates are not checked there.' }),
        filter: certificateFilter,
      };
    }),
});
