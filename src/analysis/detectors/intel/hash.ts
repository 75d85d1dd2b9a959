// Files and certificates whose hash is on a list (MITRE T1105, T1587.003).

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { openHits } from './hits.ts';
import { plainHash } from './indicators.ts';

/** Hashes of one event that are looked up. */
const hashesMost = 16;

export const intelHash = defineDetector({
  name: 'intel.hash',
  title: 'A file or certificate on a list',
  version: 1,
  severity: 'high',
  mitre: 'T1105',
  meaning: 'The same content has been seen in an attack, whatever its name is now.',
  benign: 'Certificates of hosting companies serve many; test files of virus scanners are on lists, too.',
  next: 'Find the host that has it now, and see where it came from.',
  options: { times: count(1, 'Times a listed hash was met') },
  open: (around) => {
    const { intel } = around;
    const hits = openHits(around, 512);

    const take = (list: readonly unknown[], what: string, place: EventPlace): void => {
      if (intel.lists.counts.hash === 0 || place.only === 'log') return;
      for (const one of list.slice(0, hashesMost)) {
        const hash = typeof one === 'string' ? plainHash(one) : null;
        const match = hash === null ? null : intel.lists.text('hash', hash);
        if (match === null) continue;
        const client = clientOf(place);
        const server = serverOf(place);
        const words = [place.ipVersion, place.c0, place.c1, place.c2, place.c3];
        hits.note(words, match, `${client} ${match.indicator}`, 3, (times) => ({
          sources: [server],
          targets: [client],
          explain: `${client} got from ${server} ${what} ${match.indicator}, which is on the list ${match.list.name} (${counted(times, 'time')}).`,
          flow: communityAt(place),
          filter: betweenHosts(client, server),
        }));
        return;
      }
    };
    const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
    const file = (event: AnyEvent, place: EventPlace): void =>
      take([event.sha256, event.sha1, event.md5], 'the file', place);

    return {
      events: {
        fileinfo: file,
        file,
        tls: (event, place) => take([event.fingerprint, ...listOf(event.certificates)], 'the certificate', place),
        x509: (event, place) => take([event.sha1, event.fingerprint], 'the certificate', place),
      },
    };
  },
});
