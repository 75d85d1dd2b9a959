// A snapshot of nothing, for tests to start from.

import type { Snapshot } from '../../src/core/index.ts';

export const emptySnapshot: Snapshot = {
  packets: 0,
  bytes: 0,
  capturedBytes: 0,
  firstUs: null,
  lastUs: null,
  linkTypes: [],
  received: 0,
  dropped: { kernel: 0, interface: 0, queue: 0 },
  problems: {},
  problemSamples: {},
  link: {},
  ip: {},
  flows: { total: 0, tcp: 0, udp: 0, icmp: 0, other: 0, active: 0, resumed: 0, evicted: 0, capacity: 16 },
  apps: {},
  events: {},
  talkers: [],
  tcp: {
    retransmissions: 0,
    fastRetransmissions: 0,
    spuriousRetransmissions: 0,
    outOfOrder: 0,
    duplicateAcks: 0,
    zeroWindows: 0,
    lostSegments: 0,
    keepAlives: 0,
    handshakeRttMs: { p50: null, p95: null, max: null, count: 0 },
  },
  alerts: [],
  seconds: [],
  findings: [],
  stages: [],
};
