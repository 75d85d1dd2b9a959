// A certificate that is not for the name that was asked for (RFC 6125 §6).

import type { AnyEvent } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { certificateFilter, textOf, watchTls } from './finding.ts';

const nameOf = (event: AnyEvent): string => {
  const names = Array.isArray(event.alternativeNames) ? (event.alternativeNames as unknown[]) : [];
  const first = textOf(names[0]);
  return (first === '' ? textOf(event.subject) : first).slice(0, 100);
};

export const nameMismatch = defineDetector({
  name: 'tls.name-mismatch',
  title: 'Certificate for another name',
  version: 1,
  severity: 'low',
  mitre: 'T1090.004',
  meaning: 'Somebody else answers in the place of the server, or its name is only a front for another one.',
  benign: 'Captive portals, filters of companies, and servers that are set up badly.',
  next: 'Compare the names in the certificate with the one that was asked for, and see whom the address belongs to.',
  options: { connections: count(1, 'Connections to a server before it is told') },
  open: (around) =>
    watchTls(around, (event, _at, options, isLocal) => {
      // A self-signed one is told as such; an encrypted hello names only the front.
      if (event.sniMatches !== false || event.isSelfSigned === true || event.hasEch === true) return null;
      return {
        text: `shows a certificate for ${nameOf(event)}, which is not what was asked for`,
        severity: isLocal ? 'info' : 'low',
        observed: 1,
        threshold: options.connections,
        unit: 'connections',
        filter: certificateFilter,
      };
    }),
});
