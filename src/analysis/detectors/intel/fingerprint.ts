// Programs whose fingerprint is on a list: JA3 and JA4 of TLS and QUIC, HASSH of SSH.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { openHits } from './hits.ts';

export const intelFingerprint = defineDetector({
  name: 'intel.fingerprint',
  title: 'A program on a list',
  version: 1,
  severity: 'medium',
  mitre: 'T1573',
  meaning: 'A malicious program says hello in the same way.',
  benign: 'Many programs share a library and with it the fingerprint: by itself it proves little.',
  next: 'See whom the client talks to, and which program it is.',
  options: { times: count(1, 'Hellos with a listed fingerprint') },
  open: (around) => {
    const { intel } = around;
    const hits = openHits(around, 512);

    const take = (value: unknown, name: string, isServer: boolean, place: EventPlace): void => {
      if (typeof value !== 'string' || value.length > 80) return;
      const { lists } = intel;
      const match = lists.text(value.includes('_') ? 'fingerprint' : 'hash', value.toLowerCase());
      if (match === null) return;
      const client = clientOf(place);
      const server = serverOf(place);
      const words = [place.ipVersion, place.c0, place.c1, place.c2, place.c3];
      hits.note(words, match, `${client} ${match.indicator}`, 2, (times) => ({
        sources: [isServer ? server : client],
        targets: [isServer ? client : server],
        explain: `${isServer ? server : client} has the ${name} ${match.indicator}, which is on the list ${match.list.name} (${counted(times, 'time')}).`,
        flow: communityAt(place),
        filter: betweenHosts(client, server),
      }));
    };

    const hello = (event: AnyEvent, place: EventPlace): void => {
      const { counts } = intel.lists;
      if (counts.hash + counts.fingerprint === 0 || place.only === 'log') return;
      take(hashIn(event.ja3), 'JA3', false, place);
      take(hashIn(event.ja3s), 'JA3S', true, place);
      take(event.ja4, 'JA4', false, place);
    };

    return {
      events: {
        tls: hello,
        quic: hello,
        ssh(event: AnyEvent, place: EventPlace): void {
          if (intel.lists.counts.hash === 0 || place.only === 'log') return;
          take(hashIn(partOf(event.client).hassh), 'HASSH', false, place);
          take(hashIn(partOf(event.server).hassh), 'HASSH', true, place);
        },
      },
    };
  },
});

const partOf = (value: unknown): AnyEvent => (typeof value === 'object' && value !== null ? (value as AnyEvent) : {});
/** A fingerprint stands as a text, or with what it is made of. */
const hashIn = (value: unknown): unknown => (typeof value === 'string' ? value : partOf(value).hash);
