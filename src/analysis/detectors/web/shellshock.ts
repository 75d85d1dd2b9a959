// Shellshock (CVE-2014-6271): a header that looks like a function of the shell, with commands behind it.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector } from '../detector.ts';
import { Repeats, repeatsTable } from '../repeats.ts';
import { betweenHosts, clientOf, communityAt, counted, serverOf } from '../wording.ts';
import { readerOf } from './attack.ts';

const shellFunction = /\(\s{0,4}\)\s{0,4}\{[^\n]{0,80};/;

export const shellshock = defineDetector({
  name: 'web.shellshock',
  title: 'Shellshock',
  version: 1,
  severity: 'high',
  mitre: 'T1190',
  meaning: 'A server that hands headers to an old bash runs the commands that stand behind the function.',
  benign: 'Scanners of the own security team. Servers with a bash since 2014 take no harm.',
  next: 'Look at the answer for output of the commands, and at what the server does next.',
  options: { requests: count(1, 'Requests before it is told') },
  open: (around) => {
    const { options, now, table, raise } = around;
    const reader = readerOf(around);
    const seen = new Repeats(table(repeatsTable(256)), now);
    return {
      events: {
        http_request(event: AnyEvent, at: EventPlace): void {
          const { headers, method, shown } = reader.of(event);
          if (!headers.includes('()') && !headers.includes('( )')) return;
          if (!shellFunction.test(headers)) return;
          const repeated = seen.pair(at, 0, options.requests);
          if (repeated === null) return;
          const client = clientOf(at);
          const server = serverOf(at);
          raise({
            key: `${client} → ${server}`,
            sources: [client],
            targets: [server],
            observed: repeated.count,
            threshold: options.requests,
            unit: 'requests',
            firstUs: repeated.firstUs,
            firstPacket: repeated.firstPacket,
            count: repeated.count,
            explain: `${client} sent ${counted(repeated.count, 'request')} with a shell function and commands in a header to ${server}:${at.sPort}: ${method} ${shown}`,
            flows: [communityAt(at)],
            filter: `${betweenHosts(client, server)} && http contains "() {"`,
          });
        },
      },
    };
  },
});
