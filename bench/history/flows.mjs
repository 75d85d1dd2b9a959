// Made-up flows, the same for the same seed: 5,000 local hosts, 60,000 servers, 50,000 names, 40 applications, each taken
// the more often the smaller its number; sizes, times and hashes spread as widely as in traffic, so that files do not
// come out smaller than they would be.

const apps = (
  'tls dns http quic ssh smtp imap ntp dhcp mdns smb rdp ftp sip rtp bittorrent stun mysql postgres redis mqtt snmp ' +
  'ldap kerberos icmp unknown wireguard openvpn ssdp netbios telnet bgp syslog nfs amqp kafka mongodb memcached grpc ' +
  'websocket'
).split(' ');
const ports = [
  443, 53, 80, 443, 22, 25, 993, 123, 67, 5353, 445, 3389, 21, 5060, 16384, 6881, 3478, 3306, 5432, 6379, 1883, 161,
  389, 88, 0, 31337, 51820, 1194, 1900, 137, 23, 179, 514, 2049, 5672, 9092, 27017, 11211, 50051, 443,
];
const overUdp = new Set([1, 3, 7, 8, 9, 13, 14, 16, 21, 26, 27, 28, 29, 32]);
const parts =
  'cdn api img mail static edge video auth data news shop app cloud media login update ads track play'.split(' ');
const ends = 'com net org io de co.uk app dev'.split(' ');
const states = ['', 'closed', 'established', 'reset', 'syn_sent'];
const connStates = ['SF', 'S0', 'S1', 'REJ', 'RSTO', 'OTH'];
const reasons = ['fin', 'rst', 'idle', 'active', 'shutdown'];
const services = ['', 'google', 'netflix', 'microsoft', 'cloudflare', 'akamai', 'amazon', 'apple'];
const verdicts = ['', 'server', 'client', 'network', 'idle'];

/** Numbers as random as traffic (sfc32). @param {number} seed */
function random(seed) {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

const hosts = 5000;
const servers = 60_000;

/** @param {number} count */
function makeNames(count) {
  const mixed = (/** @type {number} */ i) => Math.imul(i, 2654435761) >>> 0;
  return Array.from({ length: count }, (_, i) => {
    const first = `${parts[i % parts.length]}${i % 7 === 0 ? i % 97 : ''}`;
    return `${first}.${parts[(i * 7) % parts.length]}-${mixed(i).toString(36)}.${ends[i % ends.length]}`;
  });
}

/**
 * Makes batches of flows one after the other.
 *
 * @param {import('../../src/output/store/index.ts').Table} table
 * @param {{ seed?: number, beginUs: number, stepUs: number, run?: number }} options time of the first flow, time between two
 */
export function flowMaker(table, { seed = 1, beginUs, stepUs, run = 1 }) {
  const next = random(seed);
  const part = () => next() / 4294967296;
  const often = (/** @type {number} */ n) => Math.min(n - 1, Math.floor(n * part() ** 3));
  const names = makeNames(50_000);
  names[777] = 'evil-c2.badexample.com';
  const nameBytes = names.map((name) => Buffer.from(name));
  const ja4s = Array.from(
    { length: 2000 },
    () => `t13d1516h2_${hex(next())}${hex(next()).slice(4)}_${hex(next())}${hex(next()).slice(4)}`,
  );
  let made = 0;

  /** @param {number} rows */
  return (rows) => {
    const u8 = () => new Uint8Array(rows);
    const u16 = () => new Uint16Array(rows);
    const u32 = () => new Uint32Array(rows);
    const u64 = () => new Uint32Array(2 * rows);
    const c = {
      run: u64(),
      flow_id: u64(),
      src_ip: new Uint8Array(16 * rows),
      dst_ip: new Uint8Array(16 * rows),
      src_port: u16(),
      dst_port: u16(),
      proto: u8(),
      part: u16(),
      start_ts: u64(),
      end_ts: u64(),
      duration_us: u64(),
      vlan: u16(),
      direction: u8(),
      pkts_fwd: u64(),
      pkts_rev: u64(),
      bytes_fwd: u64(),
      bytes_rev: u64(),
      payload_fwd: u64(),
      payload_rev: u64(),
      repeated_fwd: u64(),
      repeated_rev: u64(),
      flags_fwd: u8(),
      flags_rev: u8(),
      rtt_us: u32(),
      server_rtt_us: u32(),
      client_rtt_us: u32(),
      responses: u32(),
      response_us: u32(),
      response_most_us: u32(),
      verdict_percent: u8(),
      alerted: u8(),
      ttl: u8(),
      outer_id: u64(),
      community: u64(),
    };
    const w = {
      sensor: u32(),
      iface: u32(),
      state: u32(),
      conn_state: u32(),
      end_reason: u32(),
      app: u32(),
      service: u32(),
      ja4: u32(),
      verdict: u32(),
    };
    const lists = {
      sensor: ['sensor-a'],
      iface: ['eth0', 'eth1', 'wlan0'],
      state: states,
      conn_state: connStates,
      end_reason: reasons,
      app: apps,
      service: services,
      ja4: ['', ...ja4s],
      verdict: verdicts,
    };
    const noRtt = u8();
    const noVlan = u8();
    const noResponse = u8();
    /** @type {Buffer[]} */
    const hostParts = [];
    const hostEnds = u32();
    const macParts = [];
    let hostEnd = 0;
    for (let i = 0; i < rows; i++) {
      const number = made++;
      const app = often(40);
      const host = often(hosts);
      const server = often(servers);
      const endUs = Math.floor(beginUs + number * stepUs);
      const durationUs = Math.floor(1000 + part() * part() * part() * 60e6);
      set64(c.run, i, run);
      set64(c.flow_id, i, number);
      setAddresses(c.src_ip, c.dst_ip, 16 * i, host, server);
      c.src_port[i] = 1024 + (next() % 64000);
      c.dst_port[i] = ports[app];
      const isTcp = !overUdp.has(app) && app !== 24;
      c.proto[i] = app === 24 ? 1 : isTcp ? 6 : 17;
      set64(c.start_ts, i, endUs - durationUs);
      set64(c.end_ts, i, endUs);
      set64(c.duration_us, i, durationUs);
      w.iface[i] = host % 3;
      noVlan[i] = host % 5 === 0 ? 0 : 1;
      c.vlan[i] = (host % 4) * 10;
      c.direction[i] = host % 10 < 8 ? 1 : 0;
      const pkts = 1 + Math.floor(part() * part() * part() * 200);
      const bytesFwd = pkts * (60 + (next() % 600));
      const bytesRev = pkts * (60 + (next() % 1400));
      set64(c.pkts_fwd, i, pkts);
      set64(c.pkts_rev, i, Math.floor(pkts * 0.9));
      set64(c.bytes_fwd, i, bytesFwd);
      set64(c.bytes_rev, i, bytesRev);
      set64(c.payload_fwd, i, Math.max(0, bytesFwd - 54 * pkts));
      set64(c.payload_rev, i, Math.max(0, bytesRev - 54 * pkts));
      noRtt[i] = isTcp ? 0 : 1;
      noResponse[i] = isTcp || app === 1 ? 0 : 1;
      if (isTcp) {
        c.flags_fwd[i] = 0x1b;
        c.flags_rev[i] = 0x1a;
        w.state[i] = 1 + (next() % 4);
        w.conn_state[i] = next() % 6;
        c.server_rtt_us[i] = Math.floor(500 + (server % 97) * 1000 + part() * part() * 40000);
        c.client_rtt_us[i] = 50 + (next() % 400);
        c.rtt_us[i] = c.server_rtt_us[i] + c.client_rtt_us[i];
        if (part() < 0.05) set64(c.repeated_fwd, i, next() % 5000);
        if (part() < 0.03) set64(c.repeated_rev, i, next() % 5000);
        w.verdict[i] = next() % 5;
        c.verdict_percent[i] = w.verdict[i] === 0 ? 0 : 50 + (next() % 51);
      }
      if (noResponse[i] === 0) {
        c.responses[i] = 1 + (next() % 8);
        c.response_us[i] = 1000 + Math.floor(part() * part() * 200000);
        c.response_most_us[i] = c.response_us[i] * 2;
      }
      w.end_reason[i] = next() % 5;
      w.app[i] = app;
      w.service[i] = app < 4 ? server % services.length : 0;
      if (app < 4) {
        const name = nameBytes[(server * 31 + (next() % 3)) % 50_000];
        hostParts.push(name);
        hostEnd += name.length;
      }
      hostEnds[i] = hostEnd;
      w.ja4[i] = app === 0 || app === 3 ? 1 + (host % 2000) : 0;
      c.alerted[i] = next() % 1000 === 0 ? 1 : 0;
      c.ttl[i] = 64 - (server % 20);
      macParts.push(host);
      set64(c.community, i, 0);
      c.community[2 * i] = next();
      c.community[2 * i + 1] = next();
    }
    /** @type {Record<string, import('../../src/output/store/index.ts').ColumnData>} */
    const data = {};
    for (const [name, array] of Object.entries(c)) {
      data[name] = { shape: 'fixed', values: new Uint8Array(array.buffer), missing: null };
    }
    for (const name of ['rtt_us', 'server_rtt_us', 'client_rtt_us'])
      data[name] = { ...fixed(data[name]), missing: noRtt };
    for (const name of ['response_us', 'response_most_us']) data[name] = { ...fixed(data[name]), missing: noResponse };
    data.vlan = { ...fixed(data.vlan), missing: noVlan };
    for (const [name, indexes] of Object.entries(w)) {
      data[name] = { shape: 'word', words: lists[/** @type {keyof typeof lists} */ (name)], indexes };
    }
    data.host = { shape: 'text', bytes: new Uint8Array(Buffer.concat(hostParts)), ends: hostEnds };
    data.src_mac = macs(macParts, (host) => host);
    data.dst_mac = macs(macParts, (host) => 65536 + (host % 4));
    return { table: table.name, rows, columns: table.columns.map(({ name }) => data[name]) };
  };
}

/** @param {number} number */
const hex = (number) => number.toString(16).padStart(8, '0');

/** @param {import('../../src/output/store/index.ts').ColumnData} data */
function fixed(data) {
  if (data.shape !== 'fixed') throw new Error('not of fixed width');
  return data;
}

/** @param {Uint32Array} words @param {number} row @param {number} value */
function set64(words, row, value) {
  words[2 * row] = value;
  words[2 * row + 1] = Math.floor(value / 4294967296);
}

/** @param {Uint8Array} src @param {Uint8Array} dst @param {number} at @param {number} host @param {number} server */
function setAddresses(src, dst, at, host, server) {
  if (host % 8 === 0) {
    src.set([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, host >> 8, host & 255], at);
    dst.set(
      [
        0x2a,
        0,
        0x14,
        0x50,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        (server * 7) & 255,
        server >> 16,
        (server >> 8) & 255,
        server & 255,
      ],
      at,
    );
    return;
  }
  src.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, host >> 8, host & 255, 1 + (host % 7)], at);
  const first = 23 + (server % 150);
  dst.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, first, (server * 13) & 255, (server >> 8) & 255, server & 255], at);
}

/** Addresses of cards as text. @param {number[]} hosts @param {(host: number) => number} card @returns {import('../../src/output/store/index.ts').TextData} */
function macs(hosts, card) {
  const bytes = Buffer.alloc(17 * hosts.length);
  hosts.forEach((host, i) => {
    const digits = (0x1b2c0000 + card(host)).toString(16).padStart(12, '0');
    bytes.write(digits.replace(/(..)(?=.)/g, '$1:'), 17 * i, 'latin1');
  });
  return { shape: 'text', bytes: new Uint8Array(bytes), ends: Uint32Array.from(hosts, (_, i) => 17 * (i + 1)) };
}
