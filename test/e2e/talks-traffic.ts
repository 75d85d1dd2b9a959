// Captures of very many conversations, made packet by packet: addresses of 127.0.0.0/8, so that they may be sent in a namespace.

import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';

const tcpFlag = { syn: 2, synAck: 0x12, pushAck: 0x18 } as const;

/** Writes frames into one growing block, and the block to the file whenever it is full. */
class PcapWriter {
  readonly #block = Buffer.alloc(1 << 20);
  readonly #fd: number;
  #at = 0;
  #timeUs = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'w');
    writeSync(this.#fd, Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'));
  }

  /** A frame from client `n` to 127.0.0.2, or back: Ethernet, IPv4, and what `write` puts behind it. */
  frame(n: number, isBack: boolean, proto: number, l4Bytes: number, write: (b: Buffer, at: number) => void): void {
    const length = 34 + l4Bytes;
    if (this.#at + 16 + length > this.#block.length) this.#flush();
    const b = this.#block;
    let at = this.#at;
    this.#timeUs += 2;
    b.writeUInt32LE(1_700_000_000 + Math.floor(this.#timeUs / 1e6), at);
    b.writeUInt32LE(this.#timeUs % 1e6, at + 4);
    b.writeUInt32LE(length, at + 8);
    b.writeUInt32LE(length, at + 12);
    at += 16;
    b.fill(0, at, at + 54);
    b.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45], at);
    b.writeUInt16BE(20 + l4Bytes, at + 16);
    b.set([64, proto], at + 22);
    const client = Math.floor(n / 50_000);
    b.set([127, 1, client >> 8, client & 255], at + (isBack ? 30 : 26));
    b.set([127, 0, 0, 2], at + (isBack ? 26 : 30));
    write(b, at + 34);
    this.#at = at + length;
  }

  tcp(n: number, isBack: boolean, port: number, flags: number, seq: number, ack: number, payload: Uint8Array): void {
    this.frame(n, isBack, 6, 20 + payload.length, (b, at) => {
      writePorts(b, at, n, isBack, port);
      b.writeUInt32BE(seq, at + 4);
      b.writeUInt32BE(ack, at + 8);
      b.set([0x50, flags, 0xff, 0xff], at + 12);
      b.set(payload, at + 20);
    });
  }

  udp(n: number, isBack: boolean, port: number, payload: Uint8Array): void {
    this.frame(n, isBack, 17, 8 + payload.length, (b, at) => {
      writePorts(b, at, n, isBack, port);
      b.writeUInt16BE(8 + payload.length, at + 4);
      b.set(payload, at + 8);
    });
  }

  #flush(): void {
    writeSync(this.#fd, this.#block, 0, this.#at);
    this.#at = 0;
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }
}

function writePorts(b: Buffer, at: number, n: number, isBack: boolean, port: number): void {
  b.writeUInt16BE(10_000 + (n % 50_000), at + (isBack ? 2 : 0));
  b.writeUInt16BE(port, at + (isBack ? 0 : 2));
}

/** Connections to one port, none of which ends: SYN, SYN with ACK, and one segment with the payload of each. */
export function writeConnections(
  path: string,
  count: number,
  port: number,
  payload: (n: number) => Uint8Array,
): string {
  const out = new PcapWriter(path);
  const none = new Uint8Array(0);
  for (let n = 0; n < count; n++) {
    out.tcp(n, false, port, tcpFlag.syn, 1000, 0, none);
    out.tcp(n, true, port, tcpFlag.synAck, 5000, 1001, none);
    out.tcp(n, false, port, tcpFlag.pushAck, 1001, 5001, payload(n));
  }
  out.close();
  return path;
}

/** Questions and answers of DNS, `perFlow` of each in a flow. */
export function writeLookups(path: string, count: number, perFlow: number): string {
  const out = new PcapWriter(path);
  for (let n = 0; n < count; n++) {
    const name = Buffer.from(`\x08${String(n).padStart(8, '0')}\x04test\0\0\x01\0\x01`, 'latin1');
    const head = [n >> 8, n, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const flow = Math.floor(n / perFlow);
    out.udp(flow, false, 53, Buffer.concat([Uint8Array.from(head), name]));
    head[2] = 0x81;
    head[3] = 0x80;
    out.udp(flow, true, 53, Buffer.concat([Uint8Array.from(head), name]));
  }
  out.close();
  return path;
}
