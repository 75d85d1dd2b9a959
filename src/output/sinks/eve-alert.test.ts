// Proves that EVE lines of alerts and counters say what the alert and the snapshot say.

import { expect, test } from 'vitest';
import { signatureId } from './eve-alert.ts';
import { alert, linesOf, snapshot } from './golden/eve-lines.ts';

test('an alert', () => {
  const [line] = linesOf((sink) => sink.alert?.(alert));
  expect(line).toMatchObject({
    timestamp: '2001-09-09T01:46:40.000001+0000',
    event_type: 'alert',
    src_ip: '192.168.1.1',
    community_id: '1:IJQHtzXv/tXud3FtXIufkDsfEd4=',
    alert: {
      action: 'allowed',
      gid: 7474,
      rev: 1,
      signature: 'TAPLIGHT Many packets from one source (volume.packets)',
      severity: 4,
    },
    taplight: { detector: 'volume.packets', count: 120, explain: '192.168.1.1 sent 101 packets\\u{202e}.' },
  });
  expect(line.alert.signature_id).toBe(signatureId('volume.packets'));
});

test('an alert about something that is no address has none', () => {
  for (const key of ['eth0', '00:1a:2b:3c:4d:5e', 'a.b.c.d', 'example.com']) {
    const [line] = linesOf((sink) => sink.alert?.({ ...alert, sources: [], key }));
    expect(line).not.toHaveProperty('src_ip');
  }
  const [line] = linesOf((sink) => sink.alert?.({ ...alert, sources: [], key: 'fe80::1' }));
  expect(line).toMatchObject({ src_ip: 'fe80::1', ip_v: 6 });
});

test('numbers of signatures never change', () => {
  expect(signatureId('volume.packets')).toBe(signatureId('volume.packets'));
  expect(signatureId('')).toBe(1_000_000 + (0x811c9dc5 % 1_000_000));
  expect(signatureId('scan.vertical')).not.toBe(signatureId('scan.horizontal'));
});

test('the counters', () => {
  const [line] = linesOf((sink) => sink.stats?.(snapshot));
  expect(line).toMatchObject({
    event_type: 'stats',
    timestamp: '2001-09-09T01:47:41.000000+0000',
    stats: {
      uptime: 61,
      capture: { kernel_packets: 1003, kernel_drops: 1, kernel_ifdrops: 2 },
      decoder: { pkts: 1000, bytes: 512_345, invalid: 4, ipv4: 900, ipv6: 0, arp: 100, tcp: 800, avg_pkt_size: 512 },
      flow: { total: 30, active: 5, tcp: 20, udp: 8 },
    },
    taplight: { queue_drops: 3 },
  });
});
