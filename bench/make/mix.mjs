// W2, a mix as on an office's uplink: half the flows TCP, two fifths DNS, the rest NTP, voice, ping and ARP.
import { dress, planConnection } from './connection.mjs';
import {
  checksum,
  createAddresses,
  etherType,
  ipProto,
  put16,
  put32,
  putEthernet,
  putIpv4,
  putIpv6,
  putTcp,
  putUdp,
  sealTcp,
  sealUdp,
  tcpBit,
} from './headers.mjs';
import { createPayloads } from './payloads.mjs';
import { createPlan } from './plan.mjs';
import { createRandom, createZipf } from './random.mjs';

const clients = 2000;
const servers = 1500;
const spanUs = 280e6;

/**
 * 12 % of the TCP flows are IPv6 (none when live), a tenth of the clients sits behind an 802.1Q tag.
 *
 * @param {import('./pcap-file.mjs').PcapFile} out
 * @param {{ packets: number, flows: number, seed: number, live: boolean }} options
 */
export function mix(out, { packets, flows, seed, live }) {
  const random = createRandom(seed);
  const payloads = createPayloads(random, servers);
  const plan = createPlan(Math.ceil(packets * 1.4) + 120_000);
  const addresses = createAddresses(live);
  const someClient = createZipf(random, clients, 0.7);
  const someServer = createZipf(random, servers, 0.9);
  const world = { plan, payloads, random };

  const flowBetween = (/** @type {number} */ client, /** @type {Partial<import('./plan.mjs').FlowRow>} */ rest) =>
    plan.addFlow({
      proto: ipProto.udp,
      isIpv6: false,
      vlan: client % 10 === 3 ? 100 + (client % 4) : 0,
      client: addresses.client(client),
      server: addresses.resolver,
      clientPort: 32768 + random.below(28_000),
      serverPort: 53,
      ttl: 48 + random.below(14),
      ...rest,
    });
  const datagram = (
    /** @type {number} */ when,
    /** @type {number} */ row,
    /** @type {number} */ side,
    /** @type {number} */ at,
    /** @type {number} */ length,
    n = 0,
    how = dress.plain,
  ) => plan.add(when, row, side, { flags: 0, seq: n, ack: 0, at, length, window: 0, echo: 0, dress: how });

  const lookup = (
    /** @type {number} */ when,
    /** @type {number} */ client,
    /** @type {number} */ host,
    /** @type {boolean} */ isIpv6,
  ) => {
    const row = flowBetween(client, {});
    const { ask, tell } = payloads.lookup(
      random.below(65536),
      host,
      isIpv6 ? 28 : 1,
      random.chance(0.97),
      addresses.server(host),
    );
    datagram(when, row, 0, ask.at, ask.length);
    datagram(when + 1500 + random.below(30_000), row, 1, tell.at, tell.length);
  };

  /** A client opens a connection, four times of five after asking for the name. */
  const open = (/** @type {number} */ fullSegments, /** @type {boolean} */ isAsking) => {
    const client = someClient();
    const host = someServer();
    const isIpv6 = !live && random.chance(0.12);
    const startUs = 2e5 + random.unit() * spanUs;
    const kind = random.unit();
    const talk = kind < 0.33 ? 'http' : kind < 0.93 ? 'tls' : 'ssh';
    if (isAsking) lookup(startUs - 50_000, client, host, isIpv6);
    const serverPort = { http: 80, tls: 443, ssh: 22 }[talk];
    const row = flowBetween(client, {
      proto: ipProto.tcp,
      isIpv6,
      server: isIpv6 ? 0x10000 + host : addresses.server(host),
      serverPort,
    });
    planConnection(world, {
      row,
      host,
      talk: /** @type {import('./connection.mjs').Talk} */ (talk),
      startUs,
      fullSegments,
      mss: isIpv6 ? 1428 : 1448,
    });
  };

  const small = () => {
    const kind = random.below(4);
    const client = someClient();
    const server = addresses.server(someServer());
    const when = random.unit() * spanUs;
    if (kind === 0) {
      const row = flowBetween(client, { proto: ipProto.icmp, server });
      for (let k = 0; k < 8; k++) {
        datagram(when + k * 1e6, row, 0, payloads.ping.at, payloads.ping.length, k);
        if (random.chance(0.98))
          datagram(when + k * 1e6 + 4000 + random.below(60_000), row, 1, payloads.ping.at, payloads.ping.length, k);
      }
    } else if (kind === 1) {
      const row = flowBetween(client, { server, serverPort: 16384 + 2 * random.below(4000) });
      for (let k = 0; k < 50; k++)
        datagram(when + k * 20_000 + random.below(2500), row, k & 1, payloads.someNoise(172), 172, k >> 1, dress.rtp);
    } else {
      const row = flowBetween(client, { server, serverPort: 123 });
      datagram(when, row, 0, payloads.ntpAsk.at, payloads.ntpAsk.length);
      datagram(when + 5000 + random.below(40_000), row, 1, payloads.ntpTell.at, payloads.ntpTell.length);
    }
  };

  const arp = plan.addFlow({
    proto: 0,
    isIpv6: false,
    vlan: 0,
    client: 0,
    server: 0,
    clientPort: 0,
    serverPort: 0,
    ttl: 0,
  });
  for (let i = 0; i < packets / 400; i++) {
    plan.add(random.unit() * spanUs, arp, i & 1, {
      flags: 0,
      seq: addresses.client(someClient()),
      ack: addresses.client(someClient()),
      at: 0,
      length: 0,
      window: 0,
      echo: 0,
      dress: 0,
    });
  }
  const connections = Math.round(flows * 0.5);
  for (let i = 0; i < flows * 0.1; i++) small();
  // Sizes by Pareto's law, scaled to what is left of the packets once every connection has its handshake and its end.
  const weights = Array.from({ length: connections }, () => Math.min(400, (1 - random.unit()) ** (-1 / 1.15)));
  const weight = weights.reduce((sum, w) => sum + w, 0);
  const left = packets - plan.count() - connections * 0.8 * 2 - connections * 13;
  for (let i = 0; i < connections; i++)
    open(Math.max(1, Math.round((weights[i] / weight) * (left / 1.78))), i % 5 !== 0);
  while (plan.count() < packets) open(40, true);

  const order = plan.order();
  for (let n = 0; n < packets; n++) write(out, plan, payloads.bytes(), order[n]);
}

/**
 * Writes planned packet `i`.
 *
 * @param {import('./pcap-file.mjs').PcapFile} out @param {import('./connection.mjs').Plan} plan @param {Buffer} pool
 * @param {number} i
 */
function write(out, plan, pool, i) {
  const c = plan.columns;
  const flow = plan.flows[c.row[i]];
  if (flow.proto === 0) return writeArp(out, c.timeUs[i], c.side[i] === 1, c.seq[i], c.ack[i]);
  const { proto, isIpv6, vlan } = flow;
  const isFromServer = c.side[i] === 1;
  const length = c.length[i];
  const optionBytes = proto !== ipProto.tcp ? 0 : c.flags[i] & tcpBit.syn ? 20 : 12;
  const l4Bytes = (proto === ipProto.tcp ? 20 + optionBytes : 8) + length;
  const total = (vlan === 0 ? 14 : 18) + (isIpv6 ? 40 : 20) + l4Bytes;
  const start = out.frame(c.timeUs[i], Math.max(60, total));
  const b = out.bytes;
  if (total < 60) b.fill(0, start + total, start + 60);
  const from = isFromServer ? flow.server : flow.client;
  const to = isFromServer ? flow.client : flow.server;
  const fromPort = isFromServer ? flow.serverPort : flow.clientPort;
  const toPort = isFromServer ? flow.clientPort : flow.serverPort;
  const ttl = isFromServer ? flow.ttl : 64;
  const l3 = putEthernet(b, start, from, to, isIpv6 ? etherType.ipv6 : etherType.ipv4, vlan);
  const l4 = l3 + (isIpv6 ? 40 : 20);
  const end = l4 + l4Bytes;
  const pseudo = isIpv6
    ? putIpv6(b, l3, l4Bytes, ttl, proto, from, to)
    : putIpv4(b, l3, end - l3, i & 0xffff, ttl, proto, from, to);
  if (proto === ipProto.icmp) {
    put32(b, l4, isFromServer ? 0 : 0x08000000);
    put16(b, l4 + 4, c.row[i]);
    put16(b, l4 + 6, c.seq[i]);
    pool.copy(b, l4 + 8, c.at[i], c.at[i] + length);
    put16(b, l4 + 2, checksum(b, l4, end, 0));
    return;
  }
  if (proto === ipProto.udp) {
    const at = putUdp(b, l4, fromPort, toPort, length);
    pool.copy(b, at, c.at[i], c.at[i] + length);
    if (c.dress[i] === dress.rtp) dressRtp(b, at, c.seq[i], c.row[i] * 2 + c.side[i]);
    sealUdp(b, l4, end, pseudo);
    return;
  }
  const options = putTcp(
    b,
    l4,
    fromPort,
    toPort,
    c.seq[i],
    c.ack[i],
    c.flags[i],
    c.flags[i] & tcpBit.syn ? 64240 : c.window[i],
    optionBytes,
  );
  putOptions(
    b,
    options,
    (c.flags[i] & tcpBit.syn) !== 0,
    isIpv6 ? 1440 : 1460,
    Math.floor(c.timeUs[i] / 1000),
    c.echo[i],
  );
  const at = options + optionBytes;
  pool.copy(b, at, c.at[i], c.at[i] + length);
  if (c.dress[i] === dress.tlsRecord && length > 5) {
    // Each segment is made one whole record of application data, so that the stream reads as TLS to the end.
    b.set([23, 3, 3], at);
    put16(b, at + 3, length - 5);
  }
  sealTcp(b, l4, end, pseudo);
}

/** RTP version 2, payload type 0 (RFC 3550). @param {Buffer} b @param {number} at @param {number} n @param {number} source */
function dressRtp(b, at, n, source) {
  put16(b, at, 0x8000);
  put16(b, at + 2, n);
  put32(b, at + 4, n * 160);
  put32(b, at + 8, source);
}

/**
 * Time stamps on every segment, and on a SYN segment size, selective acknowledgements and window scale (RFC 7323, 2018).
 *
 * @param {Buffer} b @param {number} at @param {boolean} isSyn @param {number} mss @param {number} stamp @param {number} echo
 */
function putOptions(b, at, isSyn, mss, stamp, echo) {
  let next = at;
  if (isSyn) {
    b.set([2, 4, mss >>> 8, mss & 255, 4, 2], next);
    next += 6;
  } else {
    b.set([1, 1], next);
    next += 2;
  }
  b.set([8, 10], next);
  put32(b, next + 2, stamp);
  put32(b, next + 6, echo);
  if (isSyn) b.set([1, 3, 3, 7], next + 10);
}

/** @param {import('./pcap-file.mjs').PcapFile} out @param {number} timeUs @param {boolean} isReply @param {number} from @param {number} to */
function writeArp(out, timeUs, isReply, from, to) {
  const start = out.frame(timeUs, 60);
  const b = out.bytes;
  const at = putEthernet(b, start, from, isReply ? to : 0xffffffff, etherType.arp, 0);
  b.set([0, 1, 8, 0, 6, 4, 0, isReply ? 2 : 1, 2, 0], at);
  put32(b, at + 10, from);
  put32(b, at + 14, from);
  put16(b, at + 18, isReply ? 0x0200 : 0);
  put32(b, at + 20, isReply ? to : 0);
  put32(b, at + 24, to);
  b.fill(0, at + 28, start + 60);
}
