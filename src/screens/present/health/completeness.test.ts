// Proves that what was lost is never called complete, and that what is only unread does not alarm.
import { expect, test } from 'vitest';
import { type CompletenessSigns, completeness } from './completeness.ts';

const tcp = {
  retransmissions: 0,
  fastRetransmissions: 0,
  spuriousRetransmissions: 0,
  outOfOrder: 0,
  duplicateAcks: 0,
  zeroWindows: 0,
  lostSegments: 0,
  keepAlives: 0,
  handshakeRttMs: { p50: null, p95: null, max: null, count: 0 },
};
const flows = { total: 1, tcp: 1, udp: 0, icmp: 0, other: 0, active: 0, resumed: 0, evicted: 0, capacity: 10 };
const whole: CompletenessSigns = {
  packets: 1000,
  received: 1000,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  problems: {},
  stages: [{ name: 'capture', in: 1000, dropped: 0 }],
  flows,
  tcp,
  detection: null,
};

test('complete, unknown, incomplete', () => {
  expect(completeness(whole)).toEqual({
    state: 'complete',
    sentence: 'Complete: all of 1,000 packets that came here were read.',
    reasons: [],
  });
  expect(completeness({ ...whole, packets: 0 }).state).toBe('unknown');
  const dropped = completeness({ ...whole, dropped: { kernel: 250, interface: 0, queue: 0 } });
  expect(dropped.sentence).toBe('Incomplete: the kernel dropped 250 packets, 20.0 %.');
});

test.each([
  ['interface', { dropped: { kernel: 0, interface: 1, queue: 0 } }],
  ['queue', { dropped: { kernel: 0, interface: 0, queue: 1 } }],
  ['stage', { stages: [{ name: 'store', in: 5, dropped: 1 }] }],
  ['evicted', { flows: { ...flows, evicted: 1 } }],
  ['unseen', { tcp: { ...tcp, lostSegments: 1 } }],
])('%s makes it incomplete, with advice', (_, change) => {
  const { state, reasons } = completeness({ ...whole, ...change });
  expect(state).toBe('incomplete');
  expect(reasons[0].advice).not.toBe('');
});

test('of a store nobody knows: nothing is called complete', () => {
  const { state, sentence } = completeness({ ...whole, stages: [], flows: { ...flows, capacity: 0 } });
  expect(state).toBe('unknown');
  expect(sentence).toMatch(/^Not known/);
});

test('problems and forgotten rows are told, and nothing is lost by them', () => {
  const { state, reasons } = completeness({ ...whole, problems: { 'ipv4.truncated': 3 }, forgotten: { dns: 7 } });
  expect(state).toBe('complete');
  expect(reasons.map(({ kind }) => kind)).toEqual(['unread', 'unread']);
});

test('several losses are counted in the sentence', () => {
  const { sentence } = completeness({ ...whole, dropped: { kernel: 1, interface: 1, queue: 1 } });
  expect(sentence).toContain('And 2 more reasons below.');
});
