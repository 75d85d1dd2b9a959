// Heartbleed (CVE-2014-0160): a TLS heartbeat (RFC 6520) that asks for more than it sent, and gets memory of the server.

import type { AnyEvent, EventPlace, Severity } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, serverOf } from '../wording.ts';
import { textOf } from './finding.ts';

interface Sign {
  readonly severity: Severity;
  readonly confidence: number;
  readonly text: string;
}

/** What the reader of TLS notes, from weakest to strongest. */
const signs: ReadonlyMap<string, Sign> = new Map([
  [
    'tls_heartbeat_early',
    {
      severity: 'medium',
      confidence: 0.6,
      text: 'sent an encrypted heartbeat before any data, as Heartbleed scanners do',
    },
  ],
  [
    'tls_heartbeat_short',
    { severity: 'high', confidence: 0.9, text: 'sent an encrypted heartbeat too short to be a whole one (Heartbleed)' },
  ],
  [
    'tls_heartbeat_overread',
    { severity: 'high', confidence: 1, text: 'sent a heartbeat that asks for more than it has (Heartbleed)' },
  ],
  [
    'tls_heartbeat_leak',
    {
      severity: 'critical',
      confidence: 1,
      text: 'got an answer longer than its heartbeat: memory of the server leaked',
    },
  ],
]);
const ranks = [...signs.keys()];

export const heartbleed = defineDetector({
  name: 'tls.heartbleed',
  title: 'Heartbleed',
  version: 1,
  severity: 'critical',
  mitre: 'T1190',
  meaning: 'A server that answers gives away its memory: private keys, passwords, sessions of other users.',
  benign: 'Scanners of the own security team send the same.',
  next: 'See whether the server answered; if so, update OpenSSL, replace its key and all passwords that passed through it.',
  options: { heartbeats: count(1, 'Connections with such heartbeats before it is told') },
  open: ({ options, now, table, raise }) => {
    const seen = ranks.map(() => new Repeats(table(repeatsTable(64)), now));
    /** Strongest sign by pair; bounded. */
    const best = new Map<string, number>();
    return {
      events: {
        weird(event: AnyEvent, at: EventPlace): void {
          const rank = ranks.indexOf(textOf(event.name));
          if (rank < 0) return;
          const repeated = seen[rank].pair(at, 0, options.heartbeats);
          if (repeated === null) return;
          const client = clientOf(at);
          const server = serverOf(at);
          const key = `${client} → ${server}:${at.sPort}`;
          if (rank < (best.get(key) ?? 0)) return;
          if (best.size < 1024) best.set(key, rank);
          const { severity, confidence, text } = signs.get(ranks[rank]) as Sign; // of this map
          raise({
            key,
            sources: [client],
            targets: [server],
            severity,
            confidence,
            observed: repeated.count,
            threshold: options.heartbeats,
            unit: 'connections',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${client} ${text}; ${server}:${at.sPort}, ${textOf(event.detail)}.`,
            ...(rank < 3 && { against: 'No answer was seen that is longer than what was sent.' }),
            flows: [communityAt(at)],
            filter: `${betweenHosts(client, server)} && tls.record.content_type == 24`,
          });
        },
      },
    };
  },
});
