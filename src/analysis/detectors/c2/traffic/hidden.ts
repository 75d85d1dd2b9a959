// Ways to hide where one goes: Tor, open proxies, private networks. Three detectors.

import {
  type AnyEvent,
  type EventPlace,
  type FlowSignal,
  ipProto,
  moment,
  type Severity,
} from '../../../../core/index.ts';
import { count, type Detector, defineDetector } from '../../detector.ts';
import { betweenHosts, clientOf, communityAt, communityOf, originator, responder, serverOf } from '../../wording.ts';
import { firstTimes } from '../first-time.ts';
import { isToLocal } from '../parties.ts';

/** Pairs that are remembered, so that each is told once. */
const toldMost = 2048;

interface Way {
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly mitre: string;
  readonly what: string;
  readonly apps: ReadonlySet<string>;
  readonly isTls?: (event: AnyEvent, place: EventPlace) => boolean;
}

const options = () => ({ conversations: count(1, 'Conversations with that server') });

function defineHidden(way: Way): Detector<ReturnType<typeof options>> {
  return defineDetector({
    name: way.name,
    title: way.title,
    version: 1,
    severity: way.severity,
    mitre: way.mitre,
    meaning: 'Where it goes in the end, and what is said, cannot be seen here.',
    benign: 'People protect their privacy so, and companies connect their offices.',
    next: 'See whether the owner of the host wants it, and whether it is allowed here.',
    options: options(),
    open: (around) => {
      const { options: limits, network, raise } = around;
      const isFirst = firstTimes(around);
      const told = new Map<string, number>();
      const tell = (client: string, server: string, port: number, proto: string, flow: string, how: string): void => {
        const key = `${client} → ${server}`;
        if (told.size >= toldMost && !told.has(key)) return;
        const seen = (told.get(key) ?? 0) + 1;
        told.set(key, seen);
        if (seen < limits.conversations || (seen & (seen - 1)) !== 0) return;
        raise({
          key,
          sources: [client],
          targets: [server],
          confidence: 0.8,
          observed: seen,
          threshold: limits.conversations,
          unit: 'conversations',
          flows: [flow],
          explain: `${client} uses ${way.what} with ${server} port ${port} (${how}).`,
          filter: `${betweenHosts(client, server)} && ${proto}.port == ${port}`,
        });
      };
      return {
        moments: moment.ended | moment.alive | moment.closed,
        flow(s: FlowSignal): void {
          if (s.app === '' || !way.apps.has(s.app) || s.appHow === 'port' || isToLocal(network, s)) return;
          if (!isFirst(s)) return;
          const proto = s.proto === ipProto.udp ? 'udp' : 'tcp';
          tell(originator(s), responder(s), s.rPort, proto, communityOf(s), s.app);
        },
        ...(way.isTls !== undefined && {
          events: {
            tls(event: AnyEvent, place: EventPlace): void {
              if (way.isTls?.(event, place) !== true) return;
              tell(clientOf(place), serverOf(place), place.sPort, 'tcp', communityAt(place), 'by its handshake');
            },
          },
        }),
      };
    },
  });
}

/** `www.` and 8 to 25 characters of base 32: what Tor makes up as name, and as issuer of its certificate. */
const torName = /^www\.[a-z2-7]{8,25}\.(?:com|net)$/;
const torIssuer = /^CN=www\.[a-z2-7]{8,25}\.(?:com|net)$/;
const torSubject = /^CN=www\.[a-z2-7]{8,25}\.(?:com|net)$/;

/** A made-up name, nothing offered to speak inside; and, where one can see it, a certificate of another made-up name. */
function isTor(event: AnyEvent): boolean {
  const { sni, issuer, subject } = event;
  if (typeof sni !== 'string' || sni.length > 40 || !torName.test(sni) || event.clientAlpns !== undefined) return false;
  if (typeof issuer === 'string' && typeof subject === 'string')
    return torIssuer.test(issuer.slice(0, 64)) && torSubject.test(subject.slice(0, 64)) && issuer !== subject;
  return false;
}

export const tor = defineHidden({
  name: 'c2.tor',
  title: 'Use of Tor',
  severity: 'low',
  mitre: 'T1090.003',
  what: 'Tor',
  apps: new Set(['tor']),
  isTls: isTor,
});

export const proxy = defineHidden({
  name: 'c2.proxy',
  title: 'Proxy outside',
  severity: 'low',
  mitre: 'T1090.002',
  what: 'a proxy outside',
  apps: new Set(['socks', 'shadowsocks', 'ultrasurf', 'psiphon', 'hotspot-shield']),
});

export const vpn = defineHidden({
  name: 'c2.vpn',
  title: 'Private network outside',
  severity: 'info',
  mitre: 'T1572',
  what: 'a private network (VPN)',
  apps: new Set([
    ...['openvpn', 'wireguard', 'cloudflare-warp', 'ike', 'l2tp', 'pptp', 'tinc', 'softether', 'tailscale', 'zerotier'],
    ...['esp', 'ah', 'gre', 'teredo', 'nebula', 'hamachi'],
  ]),
});
