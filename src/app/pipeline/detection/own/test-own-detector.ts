// Shows a detector of the user's own what hostile input may hold: every signal with odd numbers, frames of random bytes,
// events whose fields are missing, of the wrong kind, or very long.

import { AlertDesk } from '../../../../analysis/alerts/index.ts';
import { Detection, type Detector, defaultDetection, type Watch } from '../../../../analysis/detectors/index.ts';
import { protocols } from '../../../../analysis/protocols/index.ts';
import { decode } from '../../../../capture/wire/index.ts';
import { EventPlace, FlowSignal, moment, Packet, RateSignal } from '../../../../core/index.ts';
import { loadOwnDetectors } from './own-detectors.ts';

export interface Trial {
  readonly detector: string;
  /** What it threw, null when nothing. */
  readonly fault: string | null;
  /** Bytes of its tables. */
  readonly bytes: number;
}

const rounds = 20_000;

/** Numbers that are the same in every run (xorshift32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

/** Tries every detector of a module. Rejects with BAD_DETECTOR when it cannot be loaded. */
export async function testOwnDetector(path: string): Promise<Trial[]> {
  return (await loadOwnDetectors([path])).map(tryDetector);
}

/** Plays hostile input to a detector. */
export function tryDetector(detector: Detector): Trial {
  const desk = new AlertDesk({ tell: null });
  const kinds: string[] = [];
  const listening = {
    ...detector,
    open: (around: Parameters<typeof detector.open>[0]): Watch => {
      const watch = detector.open(around);
      kinds.push(...Object.keys(watch.events ?? {}));
      return watch;
    },
  };
  const on = [detector.name];
  const detection = new Detection([listening], { ...defaultDetection, on }, (origin, evidence, now) =>
    desk.take(origin, evidence, now),
  );
  play(detection, kinds);
  const [fault] = detection.faults();
  const bytes = detection.occupancy().reduce((sum, each) => sum + each.bytes, 0);
  return { detector: detector.name, fault: fault?.fault ?? null, bytes };
}

function play(detection: Detection, kinds: readonly string[]): void {
  const next = sequence(0x2545f491);
  const moments = Object.values(moment);
  let timeUs = 1.7e15;
  for (let i = 1; i <= rounds; i++) {
    // Mostly forward, sometimes far, sometimes back.
    timeUs += i % 997 === 0 ? 1e11 : i % 499 === 0 ? -1e9 : next() & 0xfffff;
    detection.advance({ timeUs, number: i });
    detection.flow(oddFlow(next, moments[i % moments.length], timeUs, i));
    detection.frame(oddFrame(next, timeUs, i));
    detection.rate(
      Object.assign(new RateSignal(), { sec: Math.floor(timeUs / 1e6), packets: next() >>> 0, ipVersion: 4 }),
    );
    for (const kind of kinds) detection.event(kind, oddEvent(kind, next), oddPlace(next, timeUs, i));
  }
  detection.end();
}

function oddFlow(next: () => number, what: number, timeUs: number, number: number): FlowSignal {
  const s = Object.assign(new FlowSignal(), {
    moment: what,
    timeUs,
    packet: number,
    firstPacket: number,
    firstUs: timeUs,
  });
  const isSix = (next() & 7) === 0;
  s.ipVersion = isSix ? 6 : 4;
  s.proto = [6, 17, 1, 58, 132, 255][(next() >>> 8) % 6];
  s.o0 = next() & 0xff;
  s.r0 = next();
  s.oPort = next() & 0xffff;
  s.rPort = next() & 0xffff;
  s.attempts = next() & 0xffff;
  s.oPackets = next() >>> 0;
  s.oBytesSince = next() >>> 0;
  s.tcpFlags = next() & 0x1ff;
  return s;
}

function oddFrame(next: () => number, timeUs: number, number: number): Packet {
  const p = new Packet();
  p.bytes = Uint8Array.from({ length: (next() >>> 0) % 200 }, () => next() & 255);
  // Every other one looks like IPv4 with ICMP, ARP or IPv6 to begin with.
  const types = [
    [0x08, 0x00, 0x45],
    [0x08, 0x06, 0],
    [0x86, 0xdd, 0x60],
  ];
  if ((next() & 1) === 0 && p.bytes.length > 20) p.bytes.set(types[(next() >>> 0) % 3], 12);
  p.end = p.bytes.length;
  p.wireLen = p.bytes.length;
  p.timeUs = timeUs;
  p.number = number;
  p.linkType = 1;
  decode(p);
  return p;
}

/** Each field of the kind with a value it does not expect, or none at all. */
function oddEvent(kind: string, next: () => number): Record<string, unknown> {
  const odd = [undefined, null, '', 'a'.repeat(5000), -1, Number.NaN, [], {}, ['x', null], true];
  const fields = protocols.find(({ name }) => name === kind)?.fields ?? {};
  return Object.fromEntries(Object.keys(fields).map((name) => [name, odd[(next() >>> 3) % odd.length]]));
}

function oddPlace(next: () => number, timeUs: number, number: number): EventPlace {
  const place = Object.assign(new EventPlace(), {
    timeUs,
    packet: number,
    ipVersion: 4,
    proto: 6,
    sPort: next() & 0xffff,
  });
  place.c0 = next() & 0xff;
  place.s0 = next();
  return place;
}
