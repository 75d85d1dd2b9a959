// Whether a certificate is good for a host name (RFC 6125 §6.4): alternative names, the common name when there are none.

import type { Certificate } from './certificate.ts';

/** @param host as asked for: a name or the text of an address */
export function isForHost(certificate: Certificate, host: string): boolean {
  const wanted = withoutDot(host.toLowerCase());
  for (const ip of certificate.ips) if (ip === wanted) return true;
  for (const name of certificate.dnsNames) if (matches(name.toLowerCase(), wanted)) return true;
  if (certificate.dnsNames.length > 0) return false;
  return certificate.subject.commonName !== '' && matches(certificate.subject.commonName.toLowerCase(), wanted);
}

const withoutDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

/** A star stands for one label, or a part of it, and only in the first of three or more. */
function matches(pattern: string, host: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === host;
  const patternDot = pattern.indexOf('.');
  const hostDot = host.indexOf('.');
  if (star > patternDot || hostDot <= 0 || pattern.indexOf('.', patternDot + 1) < 0) return false;
  if (pattern.slice(patternDot) !== host.slice(hostDot)) return false;
  const label = host.slice(0, hostDot);
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1, patternDot);
  return label.length >= before.length + after.length && label.startsWith(before) && label.endsWith(after);
}
