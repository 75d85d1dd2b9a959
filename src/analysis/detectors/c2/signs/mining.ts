// Mining of cryptocurrency: the protocols of pools (Stratum, JSON-RPC), names of pools, and nodes of such networks.

import { type AnyEvent, type EventPlace, type FlowSignal, moment, type Severity } from '../../../../core/index.ts';
import { count, defineDetector } from '../../detector.ts';
import {
  betweenHosts,
  clientOf,
  communityAt,
  communityOf,
  grouped,
  originator,
  responder,
  serverOf,
} from '../../wording.ts';
import { firstTimes } from '../first-time.ts';

/** Whom a protocol tells to be a miner, or only a node of the network. */
const protocols: Readonly<Record<string, Severity>> = {
  stratum: 'medium',
  monero: 'low',
  bitcoin: 'low',
  ethereum: 'low',
  nano: 'info',
};

/** Words in the names of pools. */
const pools =
  /(?:^|[.-])(?:minexmr|supportxmr|nanopool|moneroocean|xmrpool|hashvault|minergate|coinhive|coin-hive|cryptoloot|nicehash|ethermine|2miners|f2pool|bitminter|slushpool|braiins|antpool|viabtc|unmineable|miningpoolhub|dwarfpool|monerohash|herominers|c3pool|kryptex)\b/i;
/** Keys that are remembered, so that each is told once. */
const toldMost = 1024;
/** Characters of a name that are looked at. */
const nameChars = 253;

export const mining = defineDetector({
  name: 'c2.mining',
  title: 'Mining of cryptocurrency',
  version: 1,
  severity: 'medium',
  mitre: 'T1496',
  meaning: 'Somebody has this host calculate for money; mostly it came in by a weakness that others can use, too.',
  benign: 'The owner mines, or takes part in such a network, on purpose.',
  next: 'See which program of the source calculates, and how it came there.',
  options: { conversations: count(1, 'Conversations with a pool or another node') },
  open: (around) => {
    const { options, raise } = around;
    const isFirst = firstTimes(around);
    const told = new Map<string, number>();
    /** Counts a conversation; whether it is due to be told. */
    const isDue = (key: string): boolean => {
      if (told.size >= toldMost && !told.has(key)) return false;
      const seen = (told.get(key) ?? 0) + 1;
      told.set(key, seen);
      return seen >= options.conversations && (seen & (seen - 1)) === 0;
    };

    const talk = (s: FlowSignal): void => {
      const severity = protocols[s.app];
      if (severity === undefined || s.appHow === 'port' || !isFirst(s)) return;
      const client = originator(s);
      const isMiner = severity === 'medium';
      const key = `${client} ${isMiner ? 'miner' : 'node'}`;
      if (!isDue(key)) return;
      const server = responder(s);
      raise({
        key,
        sources: [client],
        targets: [server],
        severity,
        observed: told.get(key) ?? 1,
        threshold: options.conversations,
        unit: 'conversations',
        firstUs: s.firstUs,
        firstPacket: s.firstPacket,
        flows: [communityOf(s)],
        explain: isMiner
          ? `${client} talks to the mining pool ${server} port ${s.rPort} (${s.app}, ${grouped(s.oBytes)} bytes sent).`
          : `${client} takes part in the ${s.app} network, with ${server} port ${s.rPort}.`,
        filter: `${betweenHosts(client, server)} && tcp.port == ${s.rPort}`,
      });
    };

    const named = (name: unknown, place: EventPlace, how: string): void => {
      if (typeof name !== 'string' || name === '' || !pools.test(name.slice(0, nameChars))) return;
      const client = clientOf(place);
      const key = `${client} miner`;
      const isAsked = how === 'asked for';
      // A question alone is a hint, and takes nothing back.
      if (isAsked && told.has(key)) return;
      if (!isDue(key)) return;
      const server = serverOf(place);
      raise({
        key,
        sources: [client],
        targets: isAsked ? [] : [server],
        severity: isAsked ? 'info' : 'medium',
        confidence: isAsked ? 0.6 : 0.9,
        observed: told.get(key) ?? 1,
        threshold: options.conversations,
        unit: 'conversations',
        flows: [communityAt(place)],
        explain: `${client} ${how} ${name.slice(0, nameChars)}, the name of a mining pool.`,
        filter: betweenHosts(client, server),
      });
    };

    return {
      moments: moment.alive | moment.closed | moment.ended,
      flow: talk,
      events: {
        tls: (event: AnyEvent, place) => named(event.sni, place, 'connected to'),
        http: (event: AnyEvent, place) => named(event.hostname, place, 'connected to'),
        dns: (event: AnyEvent, place) => (place.only === 'log' ? named(event.query, place, 'asked for') : undefined),
      },
    };
  },
});
