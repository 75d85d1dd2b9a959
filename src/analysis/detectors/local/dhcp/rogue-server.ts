// Rogue DHCP server: someone else gives addresses, and with them his own gateway or name server (RFC 2131, RFC 8415).

import { type AnyEvent, type EventPlace, parseAddress } from '../../../../core/index.ts';
import { defineDetector, seconds } from '../../detector.ts';
import { serverOf } from '../../wording.ts';

interface Server {
  readonly sec: number;
  readonly gateway: string;
  readonly names: string;
}

interface Offer {
  readonly to: string;
  readonly server: string;
  readonly gateway: string;
  readonly names: string;
  readonly sec: number;
}

/** Servers and latest offers that are kept; more of them than this are a flood, not a network. */
const serverLimit = 64;
const offerLimit = 64;
/** Seconds in which offers of two servers answer the same question. */
const questionSec = 10;

const given4 = new Set<unknown>(['offer', 'ack']);
const given6 = new Set<unknown>(['advertise', 'reply']);
const none = '0.0.0.0';

const listText = (value: unknown): string =>
  Array.isArray(value)
    ? value
        .filter((each) => typeof each === 'string')
        .slice(0, 4)
        .join(', ')
    : '';

export const rogueServer = defineDetector({
  name: 'l2.rogue-dhcp',
  title: 'Rogue DHCP server',
  version: 1,
  severity: 'high',
  mitre: 'T1557.003',
  meaning:
    'Who gives the addresses also says which gateway and name server to use, and so reads or directs all traffic.',
  benign:
    'A second server that was set up on purpose, a home router plugged in the wrong way round, a host that moved to another network.',
  next: 'Find the server by its MAC address; compare the gateway and name servers it gives with yours.',
  options: {
    learnSec: seconds(3600, 'Time after the first server in which others are learned'),
  },
  open: ({ options, now, raise }) => {
    // At most 64 servers and 64 offers of a few short texts each.
    const servers = new Map<string, Server>();
    const offers: Offer[] = [];
    let firstSec = Number.NEGATIVE_INFINITY;
    let nextOffer = 0;
    return {
      events: {
        dhcp(event: AnyEvent, place: EventPlace): void {
          if (place.only === 'log' || event.type !== 'reply' || !given4.has(event.dhcpType)) return;
          const id = event.serverId;
          if (typeof id !== 'string' || typeof event.clientMac !== 'string') return;
          // An answer to who has an address already is no lease; through a relay servers are meant to be many.
          if (event.assignedIp === none || event.assignedIp === undefined) return;
          if (typeof event.relayIp === 'string' && event.relayIp !== none) return;
          const to = `${event.clientMac} ${String(event.id)}`;
          see(id, {
            to,
            server: id,
            gateway: listText(event.routers),
            names: listText(event.dnsServers),
            sec: now.sec,
          });
        },
        dhcpv6(event: AnyEvent, place: EventPlace): void {
          if (place.only === 'log' || !given6.has(event.type) || listText(event.relays) !== '') return;
          const { serverDuid, clientDuid } = event;
          if (typeof serverDuid !== 'string' || typeof clientDuid !== 'string') return;
          const to = `${clientDuid} ${String(event.id)}`;
          const names = listText(event.dnsServers);
          see(serverDuid, { to, server: serverOf(place), gateway: '', names, sec: now.sec });
        },
      },
    };

    function see(id: string, offer: Offer): void {
      if (firstSec === Number.NEGATIVE_INFINITY) firstSec = now.sec;
      const known = servers.get(id);
      const rival = offers.find(
        ({ to, server, sec }) => to === offer.to && server !== offer.server && now.sec - sec <= questionSec,
      );
      if (rival !== undefined) tellRival(offer, rival, known);
      else if (known === undefined && servers.size > 0 && now.sec - firstSec > options.learnSec) tellNew(offer);
      if (known === undefined && servers.size < serverLimit)
        servers.set(id, { sec: now.sec, gateway: offer.gateway, names: offer.names });
      offers[nextOffer] = offer;
      nextOffer = (nextOffer + 1) % offerLimit;
    }

    /** Two servers answer one question: who came later to this network is the one to ask about. */
    function tellRival(offer: Offer, rival: Offer, known: Server | undefined): void {
      const isOther = differs(offer.gateway, rival.gateway) || differs(offer.names, rival.names);
      const rivalSec = [...servers.values()].find(({ gateway }) => gateway === rival.gateway)?.sec ?? 0;
      const suspect = known === undefined || known.sec >= rivalSec ? offer : rival;
      const other = suspect === offer ? rival : offer;
      raise({
        ...about(suspect),
        severity: isOther ? 'high' : 'low',
        explain: `${suspect.server} and ${other.server} both gave an address to the same client: gateway ${said(suspect.gateway)} against ${said(other.gateway)}, name servers ${said(suspect.names)} against ${said(other.names)}.`,
        against: isOther ? '' : 'Both give the same gateway and name servers.',
      });
    }

    function tellNew(offer: Offer): void {
      const isSame = [...servers.values()].some(
        (server) => !differs(server.gateway, offer.gateway) && !differs(server.names, offer.names),
      );
      raise({
        ...about(offer),
        severity: isSame ? 'low' : 'medium',
        confidence: 0.7,
        explain: `${offer.server} gives addresses since now, with gateway ${said(offer.gateway)} and name servers ${said(offer.names)}; ${servers.size} other server(s) did before.`,
        against: isSame ? 'It gives the same gateway and name servers as a known server.' : '',
      });
    }

    function about(offer: Offer) {
      const isAddress = parseAddress(offer.server) !== null;
      const version = offer.server.includes(':') ? 'ipv6' : 'ip';
      return {
        key: offer.server,
        sources: isAddress ? [offer.server] : [],
        targets: [],
        observed: servers.size + (servers.has(offer.server) ? 0 : 1),
        threshold: 1,
        unit: 'servers',
        filter: isAddress ? `${version}.src == ${offer.server} && (dhcp || dhcpv6)` : 'dhcp || dhcpv6',
      };
    }
  },
});

/** What only one of them says is no difference. */
const differs = (a: string, b: string): boolean => a !== '' && b !== '' && a !== b;
const said = (text: string): string => (text === '' ? 'none' : text);
