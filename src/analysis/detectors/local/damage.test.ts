// Proves that damaged frames and odd fields make no detector of this family throw, and that floods of them stay in
// bounds.

import { expect, it } from 'vitest';
import { arrivals } from '../arrivals/index.ts';
import { Stage } from '../golden/stage.ts';
import { advertisement, advertises, announces, answers, asks, bpdu, local6, macOf, solicits } from './golden/frames.ts';
import { local } from './index.ts';

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 8;
  }
}

const sound: readonly number[][] = [
  asks(5, '10.0.0.6'),
  answers(6, 5),
  announces(7),
  advertisement(macOf(1), local6(1), { prefixes: [1, 2] }),
  solicits(macOf(5), local6(5), local6(6)),
  advertises(macOf(6), local6(6)),
  bpdu(macOf(3), macOf(2)),
];
const odd: readonly unknown[] = [
  undefined,
  null,
  5,
  '',
  'x',
  '0.0.0.0',
  '10.0.0.1',
  macOf(5),
  [],
  [null],
  [{}],
  ['10.0.0.1'],
];

it('damaged frames', () => {
  const next = numbers(7);
  const stage = new Stage([...local, ...arrivals]);
  for (let i = 0; i < 20_000; i++) {
    const bytes = [...sound[next.next().value % sound.length]];
    for (let n = next.next().value % 5; n > 0; n--) bytes[next.next().value % bytes.length] = next.next().value & 255;
    stage.frame(next.next().value % 4 === 0 ? bytes.slice(0, next.next().value % bytes.length) : bytes);
    stage.wait((next.next().value % 1000) / 100);
  }
  stage.end();
  expect(stage.detection.faults()).toEqual([]);
  expect(stage.detection.occupancy().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4e6);
});

it('odd fields', () => {
  const next = numbers(9);
  const pick = () => odd[next.next().value % odd.length];
  const stage = new Stage([...local, ...arrivals]);
  const names = ['type', 'dhcpType', 'clientMac', 'assignedIp', 'relayIp', 'serverId', 'routers', 'dnsServers', 'id'];
  const more = ['answers', 'records', 'name', 'addresses', 'serverDuid', 'clientDuid', 'relays', 'userAgent'];
  for (let i = 0; i < 5000; i++) {
    const event = Object.fromEntries([...names, ...more].map((name) => [name, pick()]));
    if (i % 2 === 0)
      Object.assign(event, { type: i % 4 === 0 ? 'reply' : 'response', dhcpType: 'ack', operation: 'query' });
    for (const kind of ['dhcp', 'dhcpv6', 'llmnr', 'mdns', 'nbns', 'http']) stage.event(kind, event);
  }
  expect(stage.detection.faults()).toEqual([]);
});
