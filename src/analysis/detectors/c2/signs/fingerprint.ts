// Certificates that tools of attackers make for themselves when nobody tells them another name.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../../wording.ts';

/** Common names, and other parts of a subject, as the tools come. */
const names: readonly (readonly [pattern: RegExp, tool: string])[] = [
  [/^CN=AsyncRAT Server\b/i, 'AsyncRAT'],
  [/^CN=SXN Server CA$/i, 'a relative of AsyncRAT'],
  [/^CN=DcRat(?: Server)?\b/i, 'DcRat'],
  [/^CN=VenomRAT(?: Server)?\b/i, 'VenomRAT'],
  [/^CN=BoratRat\b/i, 'BoratRAT'],
  [/^CN=Quasar Server CA\b/i, 'Quasar'],
  [/^CN=Orcus Server\b/i, 'Orcus'],
  [/^CN=BitRAT\b/i, 'BitRAT'],
  [/^CN=Pyramid Server\b/i, 'PureHVNC'],
  [/^CN=P18055077\b/, 'PoshC2'],
  [/\bCN=Major Cobalt Strike\b/, 'Cobalt Strike'],
  [/^CN=Covenant$/, 'Covenant'],
  [/^O=Mythic\b/, 'Mythic'],
  [/^CN=(?:multiplayer|operators)$/, 'Sliver'],
  [/\bCN=MetasploitSelfSignedCA\b/, 'Metasploit'],
  [/\bO=EvilGinx Signature Trust Co\./i, 'Evilginx'],
  [/\bCN=ngrok4win\b/, 'a relative of ngrok'],
];
/** Characters of a subject that are looked at. */
const subjectChars = 512;

export const fingerprint = defineDetector({
  name: 'c2.fingerprint',
  title: 'Certificate of an attack tool',
  version: 1,
  severity: 'high',
  mitre: 'T1573.002',
  meaning: 'The certificate carries the name that a tool for remote control of computers gives itself.',
  benign: 'A test of such a tool, or somebody who chose the same name.',
  next: 'Take the client off the network and look for the program that holds the connection.',
  options: {},
  open: ({ raise, now }) => ({
    events: {
      x509(event: AnyEvent, place: EventPlace): void {
        const subject = typeof event.subject === 'string' ? event.subject.slice(0, subjectChars) : '';
        const issuer = typeof event.issuer === 'string' ? event.issuer.slice(0, subjectChars) : '';
        const found = names.find(([pattern]) => pattern.test(subject) || pattern.test(issuer));
        if (found === undefined) return;
        const client = clientOf(place);
        const server = serverOf(place);
        raise({
          key: `${client} → ${server}:${place.sPort}`,
          sources: [server],
          targets: [client],
          confidence: 0.95,
          observed: 1,
          threshold: 1,
          unit: 'certificates',
          firstUs: now.timeUs,
          flows: [communityAt(place)],
          explain: `${server} port ${place.sPort} showed ${client} the certificate "${subject.slice(0, 80)}", as ${
            found[1]
          } makes it.`,
          filter: `${betweenHosts(client, server)} && tcp.port == ${place.sPort}`,
        });
      },
    },
  }),
});
