// A server here that is abused for reflection: one address asks it much, and its answers are many times larger. The
// address is forged; it is the victim.

import { type FlowSignal, ipProto, moment } from '../../../../core/index.ts';
import { hashWords } from '../../../sketches/index.ts';
import { count, defineDetector, seconds } from '../../detector.ts';
import { communityOf, counted, grouped, originator, responder } from '../../wording.ts';
import { reflectorServices } from './reflector-ports.ts';

const BEGAN = 0;
const RAISED = 1;
const words = 2;
const REQUESTS = 0;
const IN_BYTES = 1;
const OUT_BYTES = 2;
const FIRST_US = 3;
const FIRST_PACKET = 4;
const doubles = 5;

export const reflector = defineDetector({
  name: 'drdos.reflector',
  title: 'Server abused for reflection',
  version: 1,
  severity: 'medium',
  mitre: 'T1498.002',
  meaning: 'The server sends a flood to someone whose address was forged in the questions: it takes part in an attack.',
  benign: 'A forwarder or a busy client that asks for large answers.',
  next: 'Limit the rate of answers, close the service to the outside, or turn off the command that is abused.',
  options: {
    requests: count(1000, 'Questions in the name of one address within `windowSec`'),
    factor: count(10, 'Bytes of answers for each byte of questions'),
    windowSec: seconds(60, 'Window in which they are counted'),
  },
  open: ({ options, now, table, network, raise }) => {
    /** 1024 pairs of address and service, 90 bytes each. */
    const pairs = table({ capacity: 1024, keyWords: 5, words, doubles, idleSec: 120 });
    const seen = (s: FlowSignal): void => {
      const o = hashWords(s.o0, s.o1, s.o2, s.o3);
      const r = hashWords(s.r0, s.r1, s.r2, s.r3);
      const row =
        s.rBytesSince < s.oBytesSince * options.factor
          ? pairs.find(o, s.o0 ^ s.o3, r, s.r0 ^ s.r3, s.rPort)
          : pairs.claim(now.sec, o, s.o0 ^ s.o3, r, s.r0 ^ s.r3, s.rPort);
      if (row < 0) return;
      const w = pairs.words;
      const at = pairs.at(row);
      const d = row * doubles;
      const v = pairs.doubles;
      if (w[at + BEGAN] === 0 || now.sec - w[at + BEGAN] > options.windowSec) {
        w[at + BEGAN] = now.sec;
        w[at + RAISED] = 0;
        v.fill(0, d, d + doubles);
        v[d + FIRST_US] = s.firstUs;
        v[d + FIRST_PACKET] = s.firstPacket;
      }
      v[d + REQUESTS] += Math.max(1, Math.round((s.oPackets * s.oBytesSince) / Math.max(1, s.oBytes)));
      v[d + IN_BYTES] += s.oBytesSince;
      v[d + OUT_BYTES] += s.rBytesSince;
      const requests = v[d + REQUESTS];
      if (requests < options.requests || requests < w[at + RAISED] * 2) return;
      if (v[d + OUT_BYTES] < v[d + IN_BYTES] * options.factor) return;
      w[at + RAISED] = requests;
      pairs.setWorth(row, requests);
      tell(s, v, d);
    };
    const tell = (s: FlowSignal, v: Float64Array, d: number): void => {
      const victim = originator(s);
      const server = responder(s);
      const name = reflectorServices.get(s.rPort)?.name ?? `port ${s.rPort}`;
      const factor = v[d + OUT_BYTES] / Math.max(1, v[d + IN_BYTES]);
      raise({
        key: `${server} → ${victim} ${name}`,
        sources: [server],
        targets: [victim],
        observed: v[d + REQUESTS],
        threshold: options.requests,
        unit: 'questions',
        firstUs: v[d + FIRST_US],
        firstPacket: v[d + FIRST_PACKET],
        count: v[d + REQUESTS],
        explain:
          `${server} was asked ${counted(v[d + REQUESTS], `${name} question`)} in the name of ${victim} and answered with ` +
          `${grouped(Math.round(factor))} times as many bytes; limit ${options.requests} in ${options.windowSec} s.`,
        flows: [communityOf(s)],
        filter: `udp.port == ${s.rPort} && ip${s.ipVersion === 6 ? 'v6' : ''}.addr == ${victim}`,
      });
    };
    return {
      moments: moment.alive | moment.ended,
      flow(s: FlowSignal): void {
        if (s.proto !== ipProto.udp || s.oPackets === 0) return;
        if (!reflectorServices.has(s.rPort) || !network.isLocal(s.ipVersion, s.r0, s.r1, s.r2, s.r3)) return;
        seen(s);
      },
    };
  },
});
