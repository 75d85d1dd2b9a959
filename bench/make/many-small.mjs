// W1, many small packets: 64-byte frames of a great many flows, nothing above layer 4. Also the sweep over flow counts.
import {
  createAddresses,
  etherType,
  ipProto,
  putEthernet,
  putIpv4,
  putTcp,
  putUdp,
  sealTcp,
  sealUdp,
  tcpBit,
} from './headers.mjs';
import { createRandom, createZipf } from './random.mjs';

const frameBytes = 64;
/** Frames come every 10 µs: 100 000 packets a second of packet time. */
const everyUs = 10;

/**
 * 70 % TCP and 30 % UDP by flow, both directions, handshakes first; popularity of flows by Zipf's law with exponent 1.
 * Every flow gets a packet of its own at regular distances, so that all of them appear.
 *
 * @param {import('./pcap-file.mjs').PcapFile} out
 * @param {{ packets: number, flows: number, seed: number, live: boolean }} options
 */
export function manySmall(out, { packets, flows, seed, live }) {
  const random = createRandom(seed);
  const addresses = createAddresses(live);
  const client = new Uint32Array(flows);
  const server = new Uint32Array(flows);
  const ports = new Uint32Array(flows); // client's in the upper half
  const isUdp = new Uint8Array(flows);
  const seen = new Uint32Array(flows);
  const nextSeq = [new Uint32Array(flows), new Uint32Array(flows)]; // from the client, from the server
  for (let f = 0; f < flows; f++) {
    client[f] = addresses.client(random.below(16384));
    server[f] = addresses.server(random.below(4096));
    // No port with a registered service: what is measured ends at layer 4.
    ports[f] = ((1024 + random.below(64000)) << 16) | (20000 + random.below(10000));
    isUdp[f] = random.chance(0.3) ? 1 : 0;
    nextSeq[0][f] = random.word();
    nextSeq[1][f] = random.word();
  }
  const popular = createZipf(random, flows, 1);
  const introduceEvery = Math.max(1, Math.floor(packets / flows));
  const b = out.bytes;
  let introduced = 0;
  for (let n = 0; n < packets; n++) {
    const f = introduced < flows && n % introduceEvery === 0 ? introduced++ : popular();
    const k = seen[f]++;
    const handshake = isUdp[f] === 0 && k < 3;
    const side = handshake ? (k === 1 ? 1 : 0) : random.chance(0.6) ? 0 : 1;
    const from = side === 0 ? client[f] : server[f];
    const to = side === 0 ? server[f] : client[f];
    const fromPort = side === 0 ? ports[f] >>> 16 : ports[f] & 0xffff;
    const toPort = side === 0 ? ports[f] & 0xffff : ports[f] >>> 16;
    const start = out.frame(n * everyUs, frameBytes);
    const end = start + frameBytes;
    const ip = putEthernet(b, start, from, to, etherType.ipv4, 0);
    const l4 = ip + 20;
    if (isUdp[f] === 1) {
      const pseudo = putIpv4(b, ip, end - ip, k, 64, ipProto.udp, from, to);
      b.fill(k & 255, putUdp(b, l4, fromPort, toPort, end - l4 - 8), end);
      sealUdp(b, l4, end, pseudo);
      continue;
    }
    // A bare header leaves ten bytes of Ethernet padding, as on a real wire; later segments carry ten bytes of data.
    const last = handshake ? l4 + 20 : end;
    const pseudo = putIpv4(b, ip, last - ip, k, 64, ipProto.tcp, from, to);
    const flags = [tcpBit.syn, tcpBit.syn | tcpBit.ack, tcpBit.ack][k] ?? tcpBit.psh | tcpBit.ack;
    const ack = k === 0 ? 0 : nextSeq[1 - side][f];
    const rest = putTcp(b, l4, fromPort, toPort, nextSeq[side][f], ack, flags, 64240, 0);
    b.fill(handshake ? 0 : k & 255, rest, end);
    sealTcp(b, l4, last, pseudo);
    nextSeq[side][f] += handshake ? flags & tcpBit.syn && 1 : 10;
  }
}
