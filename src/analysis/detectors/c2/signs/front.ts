// Domain fronting: inside TLS another host is asked for than the one whose certificate was shown.

import type { AnyEvent, EventPlace } from '../../../../core/index.ts';
import { defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../../wording.ts';

/** Conversations whose handshake is remembered, at the most. */
const handshakesMost = 1024;
const nameChars = 253;
/** Names of one certificate that are remembered. */
const namesMost = 100;

interface Handshake {
  readonly sni: string;
  readonly names: readonly string[];
}

export const front = defineDetector({
  name: 'c2.front',
  title: 'Domain fronting',
  version: 1,
  severity: 'low',
  mitre: 'T1090.004',
  meaning: 'The name that all can read hides the host that is asked for really.',
  benign:
    'Large networks for contents serve many names, and browsers share connections between those of one certificate.',
  next: 'See which program of the source asks, and for what.',
  options: {},
  open: ({ raise }) => {
    const handshakes = new Map<number, Handshake>();
    const http = (event: AnyEvent, place: EventPlace): void => {
      const handshake = handshakes.get(place.flowId);
      if (handshake === undefined || place.only === 'eve' || typeof event.hostname !== 'string') return;
      const host = withoutPort(event.hostname.slice(0, nameChars).toLowerCase());
      if (host === '' || host === handshake.sni || handshake.names.some((name) => covers(name, host))) return;
      if (siteOf(host) === siteOf(handshake.sni)) return;
      const client = clientOf(place);
      const server = serverOf(place);
      raise({
        key: `${client} ${handshake.sni} ${host}`,
        sources: [client],
        targets: [server],
        observed: 1,
        threshold: 1,
        unit: 'requests',
        flows: [communityAt(place)],
        explain: `${client} connected to ${handshake.sni} and asked there for ${host}, which the certificate does not name.`,
        filter: betweenHosts(client, server),
      });
    };
    return {
      events: {
        tls(event: AnyEvent, place: EventPlace): void {
          if (typeof event.sni !== 'string' || !Array.isArray(event.alternativeNames)) return;
          const first = handshakes.keys().next();
          if (handshakes.size >= handshakesMost && first.done === false) handshakes.delete(first.value);
          const names = event.alternativeNames.slice(0, namesMost).map((name) => String(name).toLowerCase());
          handshakes.set(place.flowId, { sni: event.sni.toLowerCase(), names });
        },
        http,
        http2: http,
      },
    };
  },
});

const withoutPort = (host: string): string => {
  const colon = host.lastIndexOf(':');
  return colon > 0 && !host.endsWith(']') ? host.slice(0, colon) : host;
};

/** `*.example.org` covers one label more (RFC 6125 §6.4.3). */
function covers(name: string, host: string): boolean {
  if (!name.startsWith('*.')) return name === host;
  return host.endsWith(name.slice(1)) && !host.slice(0, -name.length + 1).includes('.');
}

/** The last two labels: near enough to the registered domain to tell relatives. */
const siteOf = (host: string): string => host.split('.').slice(-2).join('.');
