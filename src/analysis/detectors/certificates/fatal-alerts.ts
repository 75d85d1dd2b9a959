// Many handshakes with one server that end with an alert (RFC 8446 §6): a scan of what it speaks, or a broken client.

import type { AnyEvent, EventPlace } from '../../../core/index.ts';
import { count, defineDetector, seconds } from '../detector.ts';
import { clientOf, communityAt, serverOf, span, toHost } from '../wording.ts';
import { textOf } from './finding.ts';

const SINCE = 0;
const COUNT = 1;
const RAISED = 2;
const FIRST_US = 0;
const FIRST_PACKET = 1;

/** Alerts that end a connection in the ordinary way. */
const harmless = new Set(['', 'close_notify', 'user_canceled', 'no_renegotiation']);

export const fatalAlerts = defineDetector({
  name: 'tls.alerts',
  title: 'Many failed TLS handshakes',
  version: 1,
  severity: 'low',
  mitre: 'T1595.002',
  meaning: 'Somebody tries which versions and ciphers a server takes, or clients no longer trust its certificate.',
  benign: 'One client with an old certificate store that tries again and again.',
  next: 'See which alerts are sent and by whom; many different hellos from one client are a scan.',
  options: {
    alerts: count(20, 'Failed handshakes within `windowSec`'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: ({ options, now, table, raise }) => {
    const servers = table({ capacity: 512, keyWords: 6, words: 3, doubles: 2, idleSec: options.windowSec });
    return {
      events: {
        tls(event: AnyEvent, at: EventPlace): void {
          const alert = textOf(event.lastAlert);
          if (event.established === true || harmless.has(alert)) return;
          const row = servers.claim(now.sec, at.s0, at.s1, at.s2, at.s3, at.sPort, at.ipVersion);
          if (row < 0) return;
          const w = servers.words;
          const o = servers.at(row);
          const d = row * servers.doublesPerRow;
          if (w[o + COUNT] === 0 || now.sec - w[o + SINCE] > options.windowSec) {
            w[o + SINCE] = now.sec;
            w[o + COUNT] = 0;
            w[o + RAISED] = 0;
            servers.doubles[d + FIRST_US] = at.timeUs;
            servers.doubles[d + FIRST_PACKET] = at.packet;
          }
          const alerts = ++w[o + COUNT];
          if (alerts < options.alerts || alerts < 2 * w[o + RAISED]) return;
          w[o + RAISED] = alerts;
          servers.setWorth(row, alerts);
          const server = serverOf(at);
          const firstUs = servers.doubles[d + FIRST_US];
          raise({
            key: `${server}:${at.sPort}`,
            sources: [clientOf(at)],
            targets: [server],
            observed: alerts,
            threshold: options.alerts,
            unit: 'handshakes',
            firstUs,
            firstPacket: servers.doubles[d + FIRST_PACKET],
            count: alerts,
            explain: `${alerts} TLS handshakes with ${server}:${at.sPort} failed in ${span(at.timeUs - firstUs)}, the last with ${alert}.`,
            flows: [communityAt(at)],
            filter: `${toHost(server).replace('.dst', '.addr')} && tls.alert_message.level == 2`,
          });
        },
      },
    };
  },
});
