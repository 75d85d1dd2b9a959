// Proves that packets become the right conversations: keys, direction, counts, TCP states, ends, and the bound.

import { describe, expect, it } from 'vitest';
import { Flow, flowEnds, type Packet, tcpStates } from '../../core/index.ts';
import { fillFlow } from './flow-record.ts';
import * as row from './flow-row.ts';
import { type FlowListener, FlowTracker, type TrackerOptions } from './flow-tracker.ts';
import { packet, type Told } from './test-packets.ts';

const SYN = 2;
const ACK = 16;
const FIN = 1;
const RST = 4;
const PSH = 8;

interface Ended {
  readonly end: string;
  readonly flow: Flow;
}

class Recorder implements FlowListener {
  readonly ended: Ended[] = [];
  opened = 0;
  parts = 0;
  closed = 0;
  readonly woken: (readonly [dir: number, idleUs: number])[] = [];
  tracker!: FlowTracker; // set by track()

  flowAdvanced(): void {}
  flowSilent(): void {}
  flowClosed(): void {
    this.closed++;
  }
  flowWoke(_row: number, dir: number, _packet: Packet, idleUs: number): void {
    this.woken.push([dir, idleUs]);
  }
  flowAlive(): void {}
  flowOpened(_row: number, _packet: Packet, isNew: boolean): void {
    if (isNew) this.opened++;
    else this.parts++;
  }

  flowEnded(r: number, end: number): void {
    const flow = new Flow();
    const { words, doubles } = this.tracker.table;
    fillFlow(flow, words, doubles, r * row.ROW_WORDS, r * row.ROW_DOUBLES);
    this.ended.push({ end: flowEnds[end], flow });
  }
}

const usual: TrackerOptions = {
  capacity: 1024,
  tcpIdleSec: 300,
  udpIdleSec: 60,
  otherIdleSec: 60,
  activeSec: 0,
  hashSeed: 7,
};

function track(told: readonly Told[], options: Partial<TrackerOptions> = {}): Recorder {
  const recorder = new Recorder();
  const tracker = new FlowTracker({ ...usual, ...options }, recorder);
  recorder.tracker = tracker;
  for (const each of told) see(tracker, each);
  return recorder;
}

function see(tracker: FlowTracker, told: Told): number {
  const p = packet(told);
  tracker.moveClock(p);
  tracker.prepare(p);
  return tracker.see(p);
}

const there = { src: '10.0.0.9', dst: '10.0.0.1', sport: 50000, dport: 443 };
const back = { src: '10.0.0.1', dst: '10.0.0.9', sport: 443, dport: 50000 };

/** A whole conversation from handshake to both FINs. */
const whole: Told[] = [
  { ...there, flags: SYN, seq: 100, sec: 1 },
  { ...back, flags: SYN | ACK, seq: 900, ack: 101, sec: 1.02 },
  { ...there, flags: ACK, seq: 101, ack: 901, sec: 1.03 },
  { ...there, flags: PSH | ACK, seq: 101, ack: 901, payload: 50, sec: 1.04 },
  { ...back, flags: PSH | ACK, seq: 901, ack: 151, payload: 500, sec: 1.05 },
  { ...there, flags: FIN | ACK, seq: 151, ack: 1401, sec: 1.06 },
  { ...back, flags: FIN | ACK, seq: 1401, ack: 152, sec: 1.07 },
  { ...there, flags: ACK, seq: 152, ack: 1402, sec: 1.08 },
];

describe('a conversation', () => {
  it('is one row for both ways, originator first, with counts of each side', () => {
    const seen = track(whole);
    seen.tracker.shutdown();
    expect(seen.opened).toBe(1);
    const [{ flow, end }] = seen.ended;
    expect(end).toBe('fin');
    expect([flow.o0, flow.oPort, flow.rPort]).toEqual([0x0a000009, 50000, 443]);
    expect([flow.oPackets, flow.rPackets]).toEqual([5, 3]);
    expect([flow.oPayloadBytes, flow.rPayloadBytes]).toEqual([50, 500]);
    expect(flow.oBytes - flow.oIpBytes).toBe(5 * 14);
    expect(flow.connState).toBe('SF');
    expect(flow.history).toBe('ShADdFf');
    expect(tcpStates[flow.tcpState]).toBe('closed');
    expect([flow.serverRttUs, flow.clientRttUs, flow.handshakeRttUs]).toEqual([20_000, 10_000, 30_000]);
  });

  it('keeps its originator where the higher or the lower address began', () => {
    for (const [a, b] of [
      [there, back],
      [
        { ...back, sport: 50000, dport: 443 },
        { ...there, sport: 443, dport: 50000 },
      ],
    ]) {
      const seen = track([
        { ...b, flags: SYN | ACK, sec: 1 },
        { ...a, flags: ACK, sec: 1.1 },
      ]);
      seen.tracker.shutdown();
      expect(seen.ended[0].flow.oPort).toBe(50000);
      expect(seen.ended[0].flow.originRule).toBe(0);
    }
  });

  it('picked up in the middle has the side with the service port as responder', () => {
    const seen = track([{ ...back, flags: ACK, payload: 1000, sec: 1 }]);
    seen.tracker.shutdown();
    expect([seen.ended[0].flow.oPort, seen.ended[0].flow.originRule, seen.ended[0].flow.connState]).toEqual([
      50000,
      1,
      'OTH',
    ]);
  });

  it('is told apart by every part of its key, and by IP version', () => {
    const one = { ...there, flags: ACK };
    const v6 = { src: '2001:db8:0:0:0:0:0:1', dst: '2001:db8:0:0:0:0:0:2', sport: 50000, dport: 443 };
    const seen = track([
      one,
      { ...one, src: '10.0.0.8' },
      { ...one, dst: '10.0.0.2' },
      { ...one, sport: 50001 },
      { ...one, dport: 80 },
      { ...one, proto: 17 },
      v6,
      { ...v6, src: '2001:db8:0:1:0:0:0:1' },
      { src: v6.dst, dst: v6.src, sport: 443, dport: 50000 },
    ]);
    expect(seen.opened).toBe(8);
    expect([seen.tracker.tcp, seen.tracker.udp]).toEqual([7, 1]);
  });

  it('between the same address counts both ways by port', () => {
    const seen = track([
      { src: '127.0.0.1', dst: '127.0.0.1', sport: 40000, dport: 80, flags: SYN, sec: 1 },
      { src: '127.0.0.1', dst: '127.0.0.1', sport: 80, dport: 40000, flags: SYN | ACK, sec: 1.1 },
    ]);
    seen.tracker.shutdown();
    expect(seen.opened).toBe(1);
    expect([seen.ended[0].flow.oPort, seen.ended[0].flow.oPackets, seen.ended[0].flow.rPackets]).toEqual([40000, 1, 1]);
  });
});

describe('ICMP', () => {
  const ping = { src: '127.0.0.1', dst: '127.0.0.1', proto: 1, icmpType: 8 };
  it('joins request and reply, also between the same address', () => {
    for (const dst of ['127.0.0.1', '127.0.0.2', '126.0.0.1']) {
      const seen = track([
        { ...ping, dst, sec: 1 },
        { ...ping, src: dst, dst: ping.src, icmpType: 0, sec: 1.1 },
      ]);
      seen.tracker.shutdown();
      expect(seen.opened).toBe(1);
      const { flow } = seen.ended[0];
      expect([flow.oPort, flow.rPort, flow.oPackets, flow.rPackets]).toEqual([8, 0, 1, 1]);
    }
  });

  it('keeps errors of both ways apart, since nothing answers them', () => {
    const error = { src: '10.0.0.1', dst: '10.0.0.2', proto: 1, icmpType: 3, icmpCode: 1 };
    const seen = track([error, { ...error, src: error.dst, dst: error.src }, error]);
    seen.tracker.shutdown();
    expect(seen.opened).toBe(2);
    for (const { flow } of seen.ended) expect([flow.oPort, flow.rPort]).toEqual([3, 1]);
    expect(seen.ended.map(({ flow }) => flow.o0).sort()).toEqual([0x0a000001, 0x0a000002]);
  });
});

describe('ends', () => {
  const states: [string, Told[], string][] = [
    ['S0', [{ ...there, flags: SYN }], 'shutdown'],
    [
      'REJ',
      [
        { ...there, flags: SYN },
        { ...back, flags: RST | ACK },
      ],
      'rst',
    ],
    ['RSTO', [...whole.slice(0, 4), { ...there, flags: RST, sec: 2 }], 'rst'],
    ['RSTR', [...whole.slice(0, 4), { ...back, flags: RST, sec: 2 }], 'rst'],
    [
      'RSTOS0',
      [
        { ...there, flags: SYN },
        { ...there, flags: RST },
      ],
      'rst',
    ],
    [
      'SH',
      [
        { ...there, flags: SYN },
        { ...there, flags: FIN },
      ],
      'shutdown',
    ],
    ['S1', whole.slice(0, 5), 'shutdown'],
    ['S2', whole.slice(0, 6), 'shutdown'],
    ['S3', [...whole.slice(0, 5), { ...back, flags: FIN | ACK, sec: 2 }], 'shutdown'],
  ];
  it.each(states)('%s', (state, told, end) => {
    const seen = track(told);
    seen.tracker.shutdown();
    expect(seen.ended.map((each) => [each.flow.connState, each.end])).toEqual([[state, end]]);
  });

  it('by FIN comes a linger time after the last packet, and what trails does not count again', () => {
    const seen = track([...whole, { src: '1.1.1.1', dst: '2.2.2.2', proto: 17, sec: 8 }]);
    expect(seen.ended.map((each) => each.end)).toEqual(['fin']);
    see(seen.tracker, { ...back, flags: ACK, sec: 9 });
    expect([seen.opened, seen.parts, seen.tracker.tcp]).toEqual([2, 1, 1]);
    seen.tracker.shutdown();
    const last = seen.ended[seen.ended.length - 1].flow;
    const trailing = seen.ended.find(({ flow }) => flow.part === 1)?.flow;
    expect(trailing?.rPackets).toBe(1);
    expect(last.id).not.toBe(0);
  });

  it('is told at once as closed, and once only', () => {
    const seen = track(whole);
    expect([seen.closed, seen.ended.length]).toEqual([1, 0]);
    see(seen.tracker, { ...back, flags: RST, sec: 3 });
    expect(seen.closed).toBe(1);
  });

  it('by timeout comes on packet time, and a later packet continues the conversation', () => {
    const udp = { src: '10.0.0.1', dst: '10.0.0.2', sport: 5000, dport: 5001, proto: 17 };
    const seen = track([
      { ...udp, sec: 0 },
      { ...udp, sec: 59 },
      { ...udp, src: '10.0.0.3', sec: 118 },
    ]);
    expect(seen.ended).toHaveLength(0);
    see(seen.tracker, { ...udp, src: '10.0.0.3', sec: 121 });
    expect(seen.ended.map((each) => [each.end, each.flow.oPackets])).toEqual([['timeout', 2]]);
    see(seen.tracker, { ...udp, sec: 200 });
    expect([seen.tracker.udp, seen.tracker.resumed]).toEqual([2, 1]);
  });

  it('by a new SYN with another sequence number counts a new conversation on the same ports', () => {
    const seen = track([...whole, { ...there, flags: SYN, seq: 5000, sec: 2 }]);
    expect([seen.opened, seen.tracker.tcp]).toEqual([2, 2]);
    expect(seen.ended.map((each) => each.end)).toEqual(['fin']);
    const again = track([
      { ...there, flags: SYN, seq: 100, sec: 1 },
      { ...there, flags: SYN, seq: 100, sec: 2 },
    ]);
    expect(again.opened).toBe(1);
    const reused = track([...whole.slice(0, 4), { ...there, flags: SYN, seq: 7, sec: 3 }]);
    expect(reused.ended.map((each) => each.end)).toEqual(['tcp reuse']);
  });

  it('by a SYN sent again, also after a RST, counts no new conversation', () => {
    const refused = { ...back, flags: RST | ACK, seq: 0, ack: 101 };
    const attempt = { ...there, flags: SYN, seq: 100 };
    const seen = track([
      { ...attempt, sec: 1 },
      { ...refused, sec: 1.1 },
      { ...attempt, sec: 1.5 },
      { ...refused, sec: 1.6 },
      { ...attempt, sec: 100 },
    ]);
    expect(seen.tracker.tcp).toBe(1);
  });

  it('counts a new conversation by a SYN after one whose beginning was not seen', () => {
    const middle = whole.slice(3, 8);
    expect(track([...middle, { ...there, flags: SYN, seq: 5000, sec: 2 }]).tracker.tcp).toBe(2);
    // The answer's acknowledgment tells the number of the SYN that comes late.
    const late = [{ ...back, flags: SYN | ACK, seq: 900, ack: 101, sec: 1 }, whole[0]];
    expect(track(late).tracker.tcp).toBe(1);
  });

  it('counts what has no ports neither as TCP nor as UDP', () => {
    const { tracker } = track([]);
    for (const proto of [6, 17]) {
      const p = packet({ src: '10.0.0.1', dst: '10.0.0.2', proto });
      p.l4Ok = 0;
      tracker.prepare(p);
      tracker.see(p);
    }
    expect([tracker.total, tracker.tcp, tracker.udp]).toEqual([2, 0, 0]);
  });

  it('by active timeout writes parts whose counts add up', () => {
    const udp = { src: '10.0.0.1', dst: '10.0.0.2', sport: 5000, dport: 5001, proto: 17 };
    const told = Array.from({ length: 100 }, (_, i) => ({
      ...udp,
      ...(i % 2 === 0 ? {} : { src: udp.dst, dst: udp.src, sport: 5001, dport: 5000 }),
      sec: i * 2,
    }));
    const seen = track(told, { activeSec: 50 });
    seen.tracker.shutdown();
    expect(seen.ended.length).toBeGreaterThan(3);
    expect(seen.ended.slice(0, -1).every((each) => each.end === 'active timeout')).toBe(true);
    expect(seen.ended.reduce((sum, { flow }) => sum + flow.oPackets + flow.rPackets, 0)).toBe(100);
    expect(seen.opened).toBe(1);
  });
});

describe('the bound', () => {
  it('lets a flood of forged sources push out only unanswered flows', () => {
    const seen = track(whole.slice(0, 5));
    for (let i = 0; i < 50_000; i++) {
      const src = `${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`;
      see(seen.tracker, {
        src,
        dst: '10.0.0.1',
        sport: 1000 + (i % 60000),
        dport: 443,
        flags: SYN,
        sec: 1.1 + i / 100_000,
      });
    }
    expect(seen.tracker.table.used).toBeLessThanOrEqual(usual.capacity);
    expect(seen.tracker.evicted).toBeGreaterThan(49_000 - usual.capacity);
    expect(seen.ended.every(({ flow }) => flow.connState === 'S0')).toBe(true);
    see(seen.tracker, { ...there, flags: PSH | ACK, seq: 151, ack: 1401, payload: 9, sec: 2 });
    seen.tracker.shutdown();
    const real = seen.ended.filter(({ flow }) => flow.connState === 'S1');
    expect(real.map(({ flow }) => flow.oPayloadBytes)).toEqual([59]);
  });

  it('holds when every flow is answered: the stalest of a few gives way, and every packet is in some record', () => {
    const seen = track([], { capacity: 64 });
    let packets = 0;
    for (let i = 0; i < 2000; i++) {
      const a = { src: `10.1.${i >> 8}.${i & 255}`, dst: '10.0.0.1', sport: 2000, dport: 53, proto: 17, sec: i / 100 };
      see(seen.tracker, a);
      see(seen.tracker, { ...a, src: a.dst, dst: a.src, sport: 53, dport: 2000 });
      packets += 2;
    }
    expect(seen.tracker.table.used).toBeLessThanOrEqual(64);
    seen.tracker.shutdown();
    expect(seen.ended.reduce((sum, { flow }) => sum + flow.oPackets + flow.rPackets, 0)).toBe(packets);
  });
});

describe('silence', () => {
  it('of a second or more in an answered conversation is told with the payload that ends it', () => {
    const there = { src: '10.0.0.1', dst: '10.0.0.2', sport: 5000, dport: 5001, proto: 17, payload: 9 };
    const back = { ...there, src: there.dst, dst: there.src, sport: 5001, dport: 5000 };
    const seen = track([
      { ...there, sec: 1 },
      // Nobody has answered yet.
      { ...there, sec: 3 },
      { ...back, sec: 3.5 },
      { ...there, sec: 5 },
      { ...back, sec: 6.5 },
      { ...back, sec: 9, payload: 0 },
    ]);
    expect(seen.woken.map(([, idleUs]) => Math.round(idleUs))).toEqual([1_500_000, 1_500_000]);
    expect(seen.woken[0][0]).not.toBe(seen.woken[1][0]);
  });
});

describe('time', () => {
  it('that jumps or runs backwards ends nothing early and loses nothing', () => {
    const udp = { src: '10.0.0.1', dst: '10.0.0.2', sport: 5000, dport: 5001, proto: 17 };
    const secs = [100, 50, 101, 4_000_000_000, 102, 103, 99, 1e9, 104];
    const seen = track(secs.map((sec) => ({ ...udp, sec })));
    seen.tracker.shutdown();
    expect(seen.ended.reduce((sum, { flow }) => sum + flow.oPackets, 0)).toBe(secs.length);
    expect(seen.tracker.udp).toBe(1);
  });

  it('that begins anew lets timeouts go on', () => {
    const told: Told[] = [];
    for (let i = 0; i < 1500; i++)
      told.push({ src: '10.0.0.1', dst: '10.0.0.2', sport: 1, dport: 2, proto: 17, sec: 1e6 + i / 1000 });
    for (let i = 0; i < 3000; i++)
      told.push({ src: '10.0.0.3', dst: '10.0.0.4', sport: 1, dport: 2, proto: 17, sec: 1000 + i / 10 });
    const seen = track(told);
    expect(seen.ended.map((each) => each.end)).toEqual(['timeout']);
  });
});
