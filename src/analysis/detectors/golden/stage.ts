// A stage for detectors' tests: plays flows, events, frames and seconds to one detector and gives back its alerts.

import { decode, decodeIp } from '../../../capture/wire/index.ts';
import {
  type Alert,
  type AnyEvent,
  type CaptureFacts,
  EventPlace,
  FlowSignal,
  HealthSignal,
  healthMoment,
  moment,
  type Oddity,
  OddSignal,
  Packet,
  parseAddress,
  RateSignal,
  VolumeSignal,
} from '../../../core/index.ts';
import { AlertDesk } from '../../alerts/index.ts';
import { Detection } from '../detection.ts';
import { type DetectionOptions, defaultDetection } from '../detection-options.ts';
import type { Detector } from '../detector.ts';
import { IntelLists, type IntelSource } from '../intel/lists.ts';

/** A flow in words; what is left out is a TCP flow of 10.0.0.1:40000 to 10.0.0.2:80. */
export interface PlayedFlow extends Partial<Omit<FlowSignal, 'moment'>> {
  readonly from?: string;
  readonly to?: string;
}

/** A flow's health in words; what is left out is that of a short flow in good health. */
export interface PlayedHealth extends Partial<Omit<HealthSignal, 'moment' | 'flow' | 'waitedUs'>> {
  readonly from?: string;
  readonly to?: string;
  readonly flow?: Partial<FlowSignal>;
  /** By `waits`, microseconds. */
  readonly waitedUs?: readonly number[];
}

/** Where an event belongs, in words. */
export interface PlayedPlace extends Partial<EventPlace> {
  readonly from?: string;
  readonly to?: string;
}

function wordsOf(text: string): readonly [number, number, number, number] {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address.words;
}

export class Stage {
  readonly detection: Detection;
  readonly #desk: AlertDesk;
  /** Alerts as they were told: when opened, and at tenfold growth. */
  readonly told: Alert[] = [];
  /** Packet time of what is played next, microseconds; moved by `wait`. */
  timeUs = 1_700_000_000e6;
  packet = 0;

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: options of every shape
    detector: Detector<any> | readonly Detector<any>[],
    options: Partial<DetectionOptions> = {},
    intel: IntelSource = { lists: new IntelLists() },
  ) {
    const list = Array.isArray(detector) ? detector : [detector];
    this.#desk = new AlertDesk({ tell: (alert) => this.told.push(alert) });
    this.detection = new Detection(
      list,
      { ...defaultDetection, on: ['*'], ...options },
      (origin, evidence, now) => this.#desk.take(origin, evidence, now),
      intel,
    );
  }

  /** All alerts as they are now. A detector that threw fails the test. */
  get alerts(): Alert[] {
    const [fault] = this.detection.faults();
    if (fault !== undefined) throw new Error(`${fault.detector} threw: ${fault.fault}`);
    return this.#desk.current(this.detection.now.timeUs);
  }

  /** Lets packet time go by. */
  wait(sec: number): this {
    this.timeUs += Math.round(sec * 1e6);
    return this;
  }

  #next(): void {
    this.packet++;
    this.detection.advance({ timeUs: this.timeUs, number: this.packet });
  }

  /** Plays one moment of a flow, as its own packet. */
  flow(what: keyof typeof moment, played: PlayedFlow = {}): this {
    this.#next();
    const { from = '10.0.0.1', to = '10.0.0.2', ...more } = played;
    const [o0, o1, o2, o3] = wordsOf(from);
    const [r0, r1, r2, r3] = wordsOf(to);
    const s = Object.assign(new FlowSignal(), {
      moment: moment[what],
      timeUs: this.timeUs,
      firstUs: this.timeUs,
      lastUs: this.timeUs,
      packet: this.packet,
      firstPacket: this.packet,
      ipVersion: from.includes(':') ? 6 : 4,
      proto: 6,
      oPort: 40_000,
      rPort: 80,
      attempts: 100,
      isFromOriginator: true,
      tcpFlags: what === 'opened' ? 2 : 0,
      oPackets: 1,
      rPackets: 0,
      oBytes: 60,
      rBytes: 0,
      oPayload: 0,
      rPayload: 0,
      oBytesSince: 0,
      rBytesSince: 0,
      ...{ o0, o1, o2, o3, r0, r1, r2, r3 },
      ...more,
    });
    this.detection.flow(s);
    return this;
  }

  /** Plays how a flow gets through, at the packet at hand. */
  health(what: keyof typeof healthMoment, played: PlayedHealth = {}): this {
    this.#next();
    const { from = '10.0.0.1', to = '10.0.0.2', flow = {}, waitedUs = [], ...more } = played;
    const [o0, o1, o2, o3] = wordsOf(from);
    const [r0, r1, r2, r3] = wordsOf(to);
    const s = new HealthSignal();
    const moments = { timeUs: this.timeUs, firstUs: this.timeUs - 60e6, lastUs: this.timeUs, packet: this.packet };
    const ends = { ipVersion: from.includes(':') ? 6 : 4, proto: 6, oPort: 40_000, rPort: 80, firstPacket: 1 };
    Object.assign(s.flow, moments, ends, { o0, o1, o2, o3, r0, r1, r2, r3 }, flow);
    s.waitedUs.set(waitedUs);
    const totalUs = waitedUs.reduce((sum, us) => sum + us, 0);
    const rest = { waitUs: 0, oShutUs: 0, rShutUs: 0, responseMeanUs: 0, responseMostUs: 0, totalUs };
    this.detection.health(Object.assign(s, rest, more, { moment: healthMoment[what] }));
    return this;
  }

  /** Plays the second that is over of all traffic. */
  volume(played: Partial<VolumeSignal> = {}): this {
    this.#next();
    const sec = Math.floor(this.timeUs / 1e6) - 1;
    this.detection.volume(Object.assign(new VolumeSignal(), { sec, packet: this.packet }, played));
    return this;
  }

  /** Plays an event of a conversation. */
  event(kind: string, event: AnyEvent, played: PlayedPlace = {}): this {
    this.#next();
    const { from = '10.0.0.1', to = '10.0.0.2', ...more } = played;
    const [c0, c1, c2, c3] = wordsOf(from);
    const [s0, s1, s2, s3] = wordsOf(to);
    const place = Object.assign(new EventPlace(), {
      timeUs: this.timeUs,
      packet: this.packet,
      flowId: this.packet,
      ipVersion: from.includes(':') ? 6 : 4,
      proto: 6,
      cPort: 40_000,
      sPort: 80,
      ...{ c0, c1, c2, c3, s0, s1, s2, s3 },
      ...more,
    });
    this.detection.event(kind, event, place);
    return this;
  }

  /** Plays a frame (Ethernet unless `linkType` says otherwise), decoded as the engine would. */
  frame(bytes: readonly number[] | Uint8Array, linkType = 1): this {
    this.#next();
    const p = new Packet();
    p.bytes = Uint8Array.from(bytes);
    p.end = p.bytes.length;
    p.wireLen = p.bytes.length;
    p.timeUs = this.timeUs;
    p.number = this.packet;
    p.linkType = linkType;
    decode(p);
    this.detection.frame(p);
    return this;
  }

  /** Plays an IP datagram that was put together from fragments. */
  whole(bytes: readonly number[]): this {
    this.#next();
    const p = new Packet();
    p.bytes = Uint8Array.from(bytes);
    p.end = p.wireLen = p.bytes.length;
    p.timeUs = this.timeUs;
    p.number = this.packet;
    decodeIp(p, 0, p.end);
    this.detection.whole(p);
    return this;
  }

  /** Plays an oddity of a packet. */
  odd(what: Oddity, played: Partial<OddSignal> & { readonly from?: string; readonly to?: string } = {}): this {
    this.#next();
    const { from = '10.0.0.1', to = '10.0.0.2', ...more } = played;
    const [s0, s1, s2, s3] = wordsOf(from);
    const [d0, d1, d2, d3] = wordsOf(to);
    const signal = Object.assign(new OddSignal(), {
      what,
      timeUs: this.timeUs,
      packet: this.packet,
      ipVersion: from.includes(':') ? 6 : 4,
      proto: 6,
      sPort: 40_000,
      dPort: 80,
      value: 0,
      limit: 0,
      ...{ s0, s1, s2, s3, d0, d1, d2, d3 },
      ...more,
    });
    this.detection.odd(signal);
    return this;
  }

  /** Sets what is known of the capture, and lets a second begin. */
  capture(facts: Partial<CaptureFacts>): this {
    Object.assign(this.detection.capture, facts);
    this.wait(1).#next();
    return this;
  }

  /** Plays the second that is over of one host. */
  rate(host: string, played: Partial<RateSignal>): this {
    this.#next();
    const [w0, w1, w2, w3] = wordsOf(host);
    const sec = Math.floor(this.timeUs / 1e6) - 1;
    const ipVersion = host.includes(':') ? 6 : 4;
    this.detection.rate(
      Object.assign(
        new RateSignal(),
        { sec, packet: this.packet, firstPacket: this.packet, isTo: true, ipVersion },
        { firstUs: sec * 1e6, lastUs: sec * 1e6 + 999_999 },
        { w0, w1, w2, w3 },
        played,
      ),
    );
    return this;
  }

  end(): this {
    this.detection.end();
    return this;
  }
}
