// Proves that segments that no honest sender makes are told, with what they contradict, and that usual traffic is not.

import { describe, expect, it } from 'vitest';
import { conflictSign, type Packet } from '../../../core/index.ts';
import { type FlowListener, FlowTracker } from '../flow-tracker.ts';
import { TcpAnalysis, tcpMemory } from '../tcp-analysis.ts';
import { packet, type Told } from '../test-packets.ts';
import { TcpOddities } from './tcp-oddities.ts';

const syn = 2;
const synAck = 18;
const ack = 16;
const rst = 4;
const silence: FlowListener = {
  flowOpened: () => undefined,
  flowEnded: () => undefined,
  flowAdvanced: () => undefined,
  flowSilent: () => undefined,
  flowAlive: () => undefined,
  flowClosed: () => undefined,
  flowWoke: () => undefined,
};

/** A connection of 10.0.0.1:5000 (sequence 1000) to 10.0.0.2:80 (sequence 9000). */
class Line {
  readonly told: string[] = [];
  readonly #flows = new FlowTracker(
    { capacity: 64, tcpIdleSec: 300, udpIdleSec: 60, otherIdleSec: 60, activeSec: 0, hashSeed: 1 },
    silence,
  );
  readonly #tcp = new TcpAnalysis(tcpMemory(64));
  readonly #odd = new TcpOddities(this.#flows.table, this.#tcp, (what, _p, value) =>
    this.told.push(`${what} ${value}`),
  );
  #sec = 0;

  send(isClient: boolean, told: Partial<Told>, text = '', change: (p: Packet) => void = () => undefined): this {
    const [a, b] = isClient ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.2', '10.0.0.1'];
    const [sport, dport] = isClient ? [5000, 80] : [80, 5000];
    this.#sec += 0.01;
    const p = packet({ src: a, dst: b, sport, dport, payload: text.length, sec: this.#sec, ...told });
    p.bytes = new Uint8Array([...new Array(20).fill(0), ...[...text].map((c) => c.charCodeAt(0))]);
    p.l4At = 0;
    p.tcpHeaderLen = 20;
    p.payloadAt = 20;
    p.payloadEnd = p.end = p.bytes.length;
    p.fragId = Math.round(this.#sec * 100);
    change(p);
    this.#flows.moveClock(p);
    this.#flows.prepare(p);
    const hit = this.#flows.see(p);
    this.#odd.see(hit >> 1, hit & 1, 1, p);
    this.#tcp.see(hit >> 1, (hit & 1) as 0 | 1, p);
    return this;
  }

  open(): this {
    this.send(true, { flags: syn, seq: 1000 }).send(false, { flags: synAck, seq: 9000, ack: 1001 });
    return this.send(true, { flags: ack, seq: 1001, ack: 9001 });
  }

  client(seq: number, text: string): this {
    return this.send(true, { flags: ack, seq, ack: 9001 }, text);
  }
}

describe('TcpOddities', () => {
  it('tells bytes repeated with other contents, wholly or in part', () => {
    const line = new Line().open().client(1001, 'GET /good').client(1001, 'GET /evil');
    expect(line.told).toEqual(['tcp.conflict 0']);
    expect(new Line().open().client(1001, 'GOOD').client(1003, 'XX and more').told).toEqual(['tcp.conflict 0']);
  });

  it('tells by which way a copy came, and one packet that was changed', () => {
    const line = new Line().open().client(1001, 'GOOD');
    line.send(true, { flags: ack, seq: 1001, ack: 9001, ttl: 50 }, 'EVIL');
    expect(line.told).toEqual([`tcp.conflict ${conflictSign.otherTtl}`]);
    const same = new Line().open().client(1001, 'GOOD');
    same.send(true, { flags: ack, seq: 1001, ack: 9001 }, 'EVIL', (p) => {
      p.fragId = 4;
    });
    expect(same.told).toEqual([`tcp.conflict ${conflictSign.samePacket}`]);
  });

  it('is silent about repetitions, keep-alives and long segments far behind the beginning', () => {
    const line = new Line().open().client(1001, 'GOOD').client(1001, 'GOOD').client(1003, 'OD and more');
    line.client(1013, '?').client(1014, 'x').client(1014, 'y');
    for (let i = 0; i < 40; i++) line.client(1100 + i * 1000, 'z'.repeat(1000));
    line.client(1100 + 38_000, 'Z'.repeat(1000));
    expect(line.told).toEqual([]);
  });

  it('tells SYNs with data, from both sides, and SYN-ACKs that answer something else or come twice', () => {
    expect(new Line().send(true, { flags: syn, seq: 1000 }, 'hello').told).toEqual(['tcp.syn-data 5']);
    const both = new Line().send(true, { flags: syn, seq: 1000 }).send(false, { flags: syn, seq: 9000 });
    expect(both.told).toEqual(['tcp.split-handshake 0']);
    const wrong = new Line().send(true, { flags: syn, seq: 1000 }).send(false, { flags: synAck, seq: 9000, ack: 77 });
    expect(wrong.told).toEqual(['tcp.syn-ack-number 77']);
    const twice = new Line().open().send(false, { flags: synAck, seq: 5555, ack: 1001 });
    expect(twice.told).toEqual(['tcp.syn-ack-twice 5555']);
  });

  it('tells a handshake that goes on behind a reset, but not one that was tried again', () => {
    const refused = (): Line =>
      new Line().send(true, { flags: syn, seq: 1000 }).send(false, { flags: rst | ack, seq: 0, ack: 1001 });
    expect(refused().send(false, { flags: synAck, seq: 9000, ack: 1001 }).told).toEqual(['tcp.after-reset 0']);
    const again = refused().send(true, { flags: syn, seq: 1000 });
    expect(again.send(false, { flags: synAck, seq: 9000, ack: 1001 }).told).toEqual([]);
  });

  it('tells resets with data or far outside the window, and urgent pointers', () => {
    const line = new Line().open().client(1001, 'GET /');
    line.send(true, { flags: rst, seq: 1006 }).send(true, { flags: rst, seq: 0 });
    expect(line.told).toEqual([]);
    line.send(true, { flags: rst, seq: 1006 }, 'bye').send(true, { flags: rst, seq: 0x7000_0000 });
    expect(line.told).toEqual(['tcp.rst-data 3', `tcp.rst-outside ${0x7000_0000 - 1009}`]);
    const urgent = new Line().open().send(true, { flags: ack | 32, seq: 1001, ack: 9001 }, 'abc', (p) => {
      p.bytes[19] = 3;
    });
    expect(urgent.told).toEqual(['tcp.urgent 3']);
  });
});
