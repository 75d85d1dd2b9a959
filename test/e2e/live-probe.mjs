// Runs inside a network namespace made by live-*.test.ts: opens sources, sends frames of its own with addresses of
// 127.0.0.0/8 through a packet socket, and prints what was seen as one JSON document. live-namespace.ts bundles it.
//
//   node live-probe.mjs SCENARIO JSON

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import koffi from 'koffi';
import { dropPrivileges } from '../../src/app/machine/privileges.ts';
import { openAfPacket } from '../../src/capture/sources/live/af-packet.ts';
import { openLibpcap } from '../../src/capture/sources/live/libpcap.ts';
import { FrameBatch } from '../../src/core/index.ts';

const [scenario, text] = isMainThread ? process.argv.slice(2) : workerData;
const options = JSON.parse(text);

const hex = (bytes) => Buffer.from(bytes).toString('hex');

function open(more = {}) {
  const wanted = { name: 'tlb1', promiscuous: true, snapLen: 0, bufferBytes: 8 << 20, filter: '', fanout: null };
  return (options.backend === 'libpcap' ? openLibpcap : openAfPacket)({ ...wanted, ...options.open, ...more });
}

/** Ethernet, 802.1Q when `vlan` is given, IPv4 and UDP (or another protocol), and the number of the frame. */
function frame(number, { vlan, port = 7000, protocol = 17, reverse = false } = {}) {
  const tag = vlan === undefined ? [] : [0x81, 0, vlan >> 8, vlan & 255];
  const [from, to] = reverse ? [2, 1] : [1, 2];
  const udp = [port >> 8, port & 255, 0x1b, 0x58, 0, 20, 0, 0];
  if (reverse) udp.splice(0, 4, 0x1b, 0x58, port >> 8, port & 255);
  return Uint8Array.of(
    ...[2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, ...tag, 8, 0],
    ...[0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, protocol, 0, 0, 127, from, 0, 1, 127, to, 0, 1],
    ...udp,
    ...[number >> 24, number >> 16, number >> 8, number, 0, 0, 0, 0, 0, 0, 0, 0],
  );
}

/** A packet socket on the device: gives a function that sends frames, waiting where the queue is full. */
function sender(device) {
  const c = koffi.load(null);
  const fd = c.func('int socket(int, int, int)')(17, 3, 0);
  const address = new Uint8Array(20);
  address[0] = 17;
  new Int32Array(address.buffer)[1] = c.func('unsigned int if_nametoindex(const char *)')(device);
  const sendto = c.func('long sendto(int, void *, size_t, int, void *, uint32_t)');
  return (frames) => {
    for (const bytes of frames) {
      if (sendto(fd, bytes, bytes.length, 0, address, 20) !== bytes.length) throw new Error('frame was not sent');
    }
  };
}

/** Frames of a little-endian pcap of Ethernet; throws when one holds anything but IPv4 or ARP within 127.0.0.0/8. */
function harmlessFrames(file) {
  const frames = [];
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const bytes = file.subarray(at + 16, at + 16 + length);
    const l3 = bytes.readUInt16BE(12) === 0x8100 ? 18 : 14;
    const type = bytes.readUInt16BE(l3 - 2);
    const [from, to] = type === 0x0800 ? [12, 16] : type === 0x0806 ? [14, 24] : [0, 0];
    if (bytes[l3 + from] !== 127 || bytes[l3 + to] !== 127) throw new Error(`frame ${frames.length + 1} is not for us`);
    frames.push(bytes);
    at += 16 + length;
  }
  return frames;
}

/** Reads until nothing has come for `quietMs`. */
function drain(source, seen = [], quietMs = 200) {
  const batch = new FrameBatch();
  for (let quietSince = Date.now(); Date.now() - quietSince < quietMs; ) {
    const count = source.read(batch, 50);
    if (count < 0) break;
    for (let i = 0; i < count; i++) {
      const at = batch.at[i];
      seen.push({
        bytes: hex(batch.bytes.subarray(at, at + batch.capLen[i])),
        wireLen: batch.wireLen[i],
        timeUs: batch.timeUs[i],
        timeNs: batch.timeNs[i],
      });
    }
    if (count > 0) quietSince = Date.now();
  }
  return seen;
}

function capabilities() {
  const tasks = readdirSync('/proc/self/task');
  return tasks.map((task) => /^CapEff:\s*(\w+)/m.exec(readFileSync(`/proc/self/task/${task}/status`, 'utf8'))[1]);
}

const scenarios = {
  /** Sends frames, then reads all. */
  capture() {
    const source = open();
    const sent = Array.from({ length: options.count }, (_, i) => frame(i, options.frame));
    const fromMs = Date.now();
    sender(options.device ?? 'tlb0')(sent);
    const seen = drain(source);
    const stats = source.stats();
    source.close();
    const after = source.read(new FrameBatch(), 0);
    return {
      interfaces: source.interfaces,
      sent: sent.map(hex),
      seen,
      stats,
      after,
      fromMs,
      toMs: Date.now(),
      capabilities: capabilities(),
    };
  },
  /** Sends a capture, `packetsPerSec` frames a second, or as fast as the device takes them. */
  async send() {
    const frames = harmlessFrames(readFileSync(options.file));
    const send = sender(options.device);
    const { packetsPerSec = Number.POSITIVE_INFINITY } = options;
    const start = performance.now();
    for (let at = 0; at < frames.length; at += 100) {
      const early = (at / packetsPerSec) * 1000 - (performance.now() - start);
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      send(frames.slice(at, at + 100));
    }
    return { sent: frames.length };
  },
  /** Sends one frame of each of `count` flows, which differ by the sender's port. */
  flows() {
    sender('tlb0')(Array.from({ length: options.count }, (_, i) => frame(i, { port: options.fromPort + i })));
    return { sent: options.count };
  },
  /** Both kinds of frames are already on their way when the capture is opened; the filter asks for one kind. */
  flood() {
    const send = sender('tlb0');
    const until = Date.now() + options.milliseconds;
    let sent = 0;
    for (; Date.now() < until; sent += 2) send([frame(sent), frame(sent + 1, { protocol: 6 })]);
    return { sent };
  },
  /** Opens and closes many times while others send. */
  reopen() {
    const seen = [];
    const dropped = [];
    for (let i = 0; i < options.times; i++) {
      const source = open();
      const batch = new FrameBatch();
      const until = Date.now() + 60;
      while (Date.now() < until) {
        const count = source.read(batch, 20);
        for (let k = 0; k < count; k++) seen.push({ protocol: batch.bytes[batch.at[k] + 23] });
      }
      dropped.push(source.stats().droppedKernel);
      source.close();
    }
    return { seen: seen.length, protocols: [...new Set(seen.map((one) => one.protocol))], dropped };
  },
  /** Two members of one group read what one sender sends: 100 conversations, both directions. */
  fanout() {
    const fanout = { group: process.pid & 0xffff, members: 2 };
    const members = [open({ fanout }), open({ fanout })];
    const frames = [];
    for (let i = 0; i < 2000; i++) frames.push(frame(i, { port: 8000 + (i % 100), reverse: i % 3 === 0 }));
    sender('tlb0')(frames);
    const seen = members.map((member) => drain(member));
    for (const member of members) member.close();
    return { sent: frames.map(hex), seen };
  },
  /** A group is formed while others send: how often a frame was told twice. */
  join() {
    let seen = 0;
    let twice = 0;
    for (let round = 0; round < options.times; round++) {
      const fanout = { group: (process.pid + round) & 0xffff, members: 2 };
      const members = [open({ fanout }), open({ fanout })];
      const batch = new FrameBatch();
      const told = new Set();
      for (let turn = 0; turn < 6; turn++) {
        const count = members[turn % 2].read(batch, 60);
        for (let i = 0; i < count; i++) {
          const bytes = hex(batch.bytes.subarray(batch.at[i], batch.at[i] + batch.capLen[i]));
          if (told.has(bytes)) twice++;
          told.add(bytes);
        }
      }
      seen += told.size;
      for (const member of members) member.close();
    }
    return { seen, twice };
  },
  /** The interface is switched off and on, then removed, while it is captured. */
  gone() {
    const source = open({ name: 'tlb5' });
    const ip = (...words) => spawnSync('ip', ['link', ...words]);
    const batch = new FrameBatch();
    ip('set', 'tlb5', 'down');
    const down = [source.read(batch, 20), source.read(batch, 20), source.damage];
    ip('set', 'tlb5', 'up');
    sender('tlb4')([frame(1)]);
    const again = drain(source).length;
    ip('del', 'tlb5');
    const reads = [];
    for (let i = 0; i < 5; i++) reads.push(source.read(batch, 50));
    source.close();
    return { down, again, last: reads.at(-1), damage: source.damage };
  },
  /** Fails to open: what the failure says. */
  refused() {
    try {
      open().close();
      return { code: 'none' };
    } catch (failure) {
      return { code: failure.code, message: failure.message, hint: failure.hint };
    }
  },
  /** The socket is opened in a worker, root is given up here, and only then is anything read there. */
  async drop() {
    const send = sender('tlb0');
    const worker = new Worker(new URL(import.meta.url), { workerData: ['dropWorker', text] });
    const next = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    await next();
    const before = capabilities();
    dropPrivileges({ uid: 65534, gid: 65534 });
    let regained = true;
    try {
      process.setuid(0);
    } catch {
      regained = false;
    }
    const sent = Array.from({ length: options.count }, (_, i) => frame(i));
    send(sent);
    worker.postMessage('read');
    const { seen, reopened, stats } = await next();
    await worker.terminate();
    return {
      before,
      afterDrop: capabilities(),
      groups: process.getgroups(),
      regained,
      sent: sent.map(hex),
      seen,
      reopened,
      stats,
    };
  },
};

async function dropWorker() {
  const source = open();
  parentPort.once('message', () => {
    const seen = drain(source);
    let reopened = 'opened';
    try {
      open().close();
    } catch (failure) {
      reopened = failure.code;
    }
    parentPort.postMessage({ seen, reopened, stats: source.stats() });
  });
  parentPort.postMessage('opened');
}

if (isMainThread) console.log(JSON.stringify(await scenarios[scenario]()));
else await dropWorker();
