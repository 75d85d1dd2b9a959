// A flood of SYNs with forged sources, and in the middle of it connections that must not get lost.
import { createAddresses, etherType, ipProto, putEthernet, putIpv4, putTcp, sealTcp, tcpBit } from './headers.mjs';
import { createRandom } from './random.mjs';

/** Port of the connections that are real; the flood goes to port 80. */
export const realPort = 8443;

/** With `scan`: who tries one port after the other of whom, and how often. */
export const scanEveryUs = 500_000;
export const scanClient = 60_000;

/** What each real connection consists of, by direction. */
export const realFlow = { packetsToServer: 9, packetsToClient: 7 };

/**
 * Sources of the flood are drawn from all of 127/8 but its first 16 /16 networks, where the real hosts live.
 *
 * @param {import('./pcap-file.mjs').PcapFile} out
 * @param {{ packets: number, flows: number, seed: number, seconds: number, scan?: boolean }} options `packets` SYNs in
 *   `seconds`; `flows` real connections, each with 16 packets spread over up to half of the time; `scan`: a slow port scan
 */
export function synFlood(out, { packets, flows, seed, seconds, scan = false }) {
  const random = createRandom(seed);
  const addresses = createAddresses(true);
  const spanUs = seconds * 1e6;
  const steps = realSteps();
  // Real packets as (time, flow, step); sorted by time, then merged with the evenly spaced flood.
  /** @type {{ timeUs: number, flow: number, step: number }[]} */
  const real = [];
  for (let flow = 0; flow < flows; flow++) {
    const begin = random.below(spanUs * 0.5);
    const stride = 1000 + random.below((spanUs * 0.5) / steps.length - 1000);
    for (let step = 0; step < steps.length; step++) real.push({ timeUs: begin + step * stride, flow, step });
  }
  real.sort((x, y) => x.timeUs - y.timeUs || x.flow - y.flow || x.step - y.step);

  let r = 0;
  const emitReal = () => {
    const { timeUs, flow, step } = real[r++];
    const { side, flags, seq, ack, data } = steps[step];
    const client = addresses.client(flow & 0xffff);
    const server = addresses.server(1);
    const clientPort = 20000 + (flow % 40000);
    segment(out, timeUs, side === 0 ? client : server, side === 0 ? server : client, {
      fromPort: side === 0 ? clientPort : realPort,
      toPort: side === 0 ? realPort : clientPort,
      seq: seq + flow,
      ack: ack === 0 ? 0 : ack + flow,
      flags,
      data,
    });
  };
  let tried = 0;
  const emitTry = () => {
    const tcp = { fromPort: 50_000, toPort: 1 + tried, seq: random.word(), ack: 0, flags: tcpBit.syn, data: 0 };
    segment(out, tried * scanEveryUs, addresses.client(scanClient), addresses.server(2), tcp);
    tried++;
  };
  for (let n = 0; n < packets; n++) {
    const timeUs = Math.floor((n * spanUs) / packets);
    while (scan && tried * scanEveryUs <= timeUs) emitTry();
    while (r < real.length && real[r].timeUs <= timeUs) emitReal();
    const forged = (0x7f100000 + random.below(0x00f00000)) >>> 0;
    segment(out, timeUs, forged, addresses.server(0), {
      fromPort: 1024 + random.below(64000),
      toPort: 80,
      seq: random.word(),
      ack: 0,
      flags: tcpBit.syn,
      data: 0,
    });
  }
  while (r < real.length) emitReal();
}

/** Handshake, five exchanges of 10 bytes each way, FIN from both sides. Sequence numbers without the flow's own offset. */
function realSteps() {
  const { syn, ack, psh, fin } = tcpBit;
  const c = 1000;
  const s = 5000;
  const steps = [
    { side: 0, flags: syn, seq: c, ack: 0, data: 0 },
    { side: 1, flags: syn | ack, seq: s, ack: c + 1, data: 0 },
    { side: 0, flags: ack, seq: c + 1, ack: s + 1, data: 0 },
  ];
  for (let i = 0; i < 5; i++) {
    steps.push({ side: 0, flags: psh | ack, seq: c + 1 + i * 10, ack: s + 1 + i * 10, data: 10 });
    steps.push({ side: 1, flags: psh | ack, seq: s + 1 + i * 10, ack: c + 11 + i * 10, data: 10 });
  }
  steps.push({ side: 0, flags: fin | ack, seq: c + 51, ack: s + 51, data: 0 });
  steps.push({ side: 1, flags: fin | ack, seq: s + 51, ack: c + 52, data: 0 });
  steps.push({ side: 0, flags: ack, seq: c + 52, ack: s + 52, data: 0 });
  return steps;
}

/**
 * One 64-byte frame.
 *
 * @param {import('./pcap-file.mjs').PcapFile} out @param {number} timeUs @param {number} from @param {number} to
 * @param {{ fromPort: number, toPort: number, seq: number, ack: number, flags: number, data: number }} tcp
 */
function segment(out, timeUs, from, to, tcp) {
  const b = out.bytes;
  const start = out.frame(timeUs, 64);
  const ip = putEthernet(b, start, from, to, etherType.ipv4, 0);
  const l4 = ip + 20;
  const last = l4 + 20 + tcp.data;
  const pseudo = putIpv4(b, ip, last - ip, 1, 64, ipProto.tcp, from, to);
  b.fill(0, putTcp(b, l4, tcp.fromPort, tcp.toPort, tcp.seq, tcp.ack, tcp.flags, 64240, 0), start + 64);
  sealTcp(b, l4, last, pseudo);
}
