// A real TLS connection on 127.0.0.1, its bytes written down on the way by a proxy, with the secrets that a client logs; and
// the same bytes as a capture file.

import { createSign, generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, connect as connectPlain, createServer as createProxy, type Server } from 'node:net';
import { connect, createServer, type TlsOptions } from 'node:tls';

/** Bytes that one side sent, in the order both did: 0 the client, 1 the server. */
export interface Sent {
  readonly side: 0 | 1;
  readonly bytes: Uint8Array;
}

export interface Recorded {
  readonly sent: readonly Sent[];
  /** As SSLKEYLOGFILE would hold it. */
  readonly keyLog: string;
}

export const serverName = 'server.test';
export const request = `GET /inside HTTP/1.1\r\nHost: ${serverName}\r\nUser-Agent: agent\r\n\r\n`;
export const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 40000\r\n\r\n${'x'.repeat(40_000)}`;

// --- a certificate of our own: DER by hand (RFC 5280 §4.1), ECDSA with P-256 -------------------------------------------

const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'));
const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return new Uint8Array(Buffer.concat([Uint8Array.from([tag, ...length]), body]));
};
const utf8 = (text: string): Uint8Array => der(0x0c, Buffer.from(text));
const time = (text: string): Uint8Array => der(0x17, Buffer.from(text));

export function certificateFor(name: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = hex('300a06082a8648ce3d040302');
  const subject = der(0x30, der(0x31, der(0x30, hex('0603550403'), utf8(name))));
  const body = der(
    0x30,
    hex('020101'),
    algorithm,
    subject,
    der(0x30, time('250101000000Z'), time('450101000000Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = Buffer.from(der(0x30, body, algorithm, der(0x03, Uint8Array.of(0), signature)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

// --- the connection ---------------------------------------------------------------------------------------------------

const identity = certificateFor(serverName);
const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/** @param rounds requests, one after the answer to the other */
export async function recorded(options: TlsOptions, rounds = 1): Promise<Recorded> {
  const sent: Sent[] = [];
  let keyLog = '';
  const server = createServer({ ...identity, ALPNProtocols: ['http/1.1'], ...options }, (socket) => {
    socket.on('data', () => socket.write(answer));
    socket.on('error', () => socket.destroy());
  });
  const serverPort = await listening(server);
  const proxy = createProxy((near) => {
    const far = connectPlain(serverPort, '127.0.0.1');
    const pass = (from: typeof near, to: typeof near, side: 0 | 1): void => {
      from.on('data', (bytes) => {
        sent.push({ side, bytes: new Uint8Array(bytes) });
        to.write(bytes);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    };
    pass(near, far, 0);
    pass(far, near, 1);
  });
  const port = await listening(proxy);
  await new Promise<void>((resolve, reject) => {
    const client = connect({
      port,
      host: '127.0.0.1',
      servername: serverName,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    let left = rounds;
    let length = 0;
    client.on('keylog', (line) => {
      keyLog += line.toString('latin1');
    });
    client.on('secureConnect', () => client.write(request));
    client.on('data', (bytes) => {
      length += bytes.length;
      if (length < answer.length) return;
      length = 0;
      if (--left > 0) client.write(request);
      else client.end();
    });
    client.on('close', () => resolve());
    client.on('error', reject);
  });
  proxy.close();
  server.close();
  return { sent, keyLog };
}

// --- as a capture ------------------------------------------------------------------------------------------------------

const flags = { fin: 1, syn: 2, ack: 16 } as const;
const segmentBytes = 1400;
const clientPort = 40_000;
const serverPort = 443;

/** Ethernet, IPv4, TCP between 127.0.0.1 and 127.0.0.2; checksums are left at zero. */
function frameOf(side: 0 | 1, flag: number, seq: number, ack: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(54 + payload.length);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45], 0);
  frame.writeUInt16BE(40 + payload.length, 16);
  frame.set([64, 6], 22);
  frame.set([127, 0, 0, 1 + side, 127, 0, 0, 2 - side], 26);
  frame.writeUInt16BE(side === 0 ? clientPort : serverPort, 34);
  frame.writeUInt16BE(side === 0 ? serverPort : clientPort, 36);
  frame.writeUInt32BE(seq, 38);
  frame.writeUInt32BE(ack, 42);
  frame.set([0x50, flag, 0xff, 0xff], 46);
  frame.set(payload, 54);
  return frame;
}

/** A whole TCP connection that carries the bytes. */
export function framesOf(sent: readonly Sent[]): Buffer[] {
  const none = new Uint8Array(0);
  const next: [number, number] = [1000, 5000];
  const frames: Buffer[] = [];
  const put = (side: 0 | 1, flag: number, payload: Uint8Array, counts = payload.length): void => {
    frames.push(frameOf(side, flag, next[side], flag === flags.syn ? 0 : next[1 - side], payload));
    next[side] += counts;
  };
  put(0, flags.syn, none, 1);
  put(1, flags.syn | flags.ack, none, 1);
  put(0, flags.ack, none);
  for (const { side, bytes } of sent) {
    for (let at = 0; at < bytes.length; at += segmentBytes) put(side, flags.ack, bytes.subarray(at, at + segmentBytes));
  }
  put(0, flags.fin | flags.ack, none, 1);
  put(1, flags.fin | flags.ack, none, 1);
  put(0, flags.ack, none);
  return frames;
}

/** Classic pcap, little endian, microseconds; a frame a millisecond. */
export function pcapOf(frames: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65535, 16);
  head.writeUInt32LE(1, 20);
  const records = frames.map((frame, n) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(n * 1000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([head, ...records]);
}

/** type 4 | length 4 | body, padded to four | length 4 */
function blockOf(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = 12 + body.length + (-body.length & 3);
  const block = Buffer.alloc(length);
  block.writeUInt32LE(type, 0);
  block.writeUInt32LE(length, 4);
  block.set(body, 8);
  block.writeUInt32LE(length, length - 4);
  return block;
}

function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) out.writeUInt32LE(value >>> 0, i * 4);
  return out;
}

/** pcapng (§4.1, §4.2, §4.3) with the secrets in a Decryption Secrets Block before the packets (§4.7). */
export function pcapngOf(frames: readonly Buffer[], keyLog: string): Buffer {
  const secrets = Buffer.from(keyLog, 'latin1');
  const firstUs = 1_700_000_000_000_000;
  const packets = frames.map((frame, n) => {
    const timeUs = firstUs + n * 1000;
    return blockOf(6, words(0, Math.floor(timeUs / 2 ** 32), timeUs % 2 ** 32, frame.length, frame.length), frame);
  });
  return Buffer.concat([
    blockOf(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff)),
    blockOf(1, words(1, 0)),
    blockOf(10, words(0x544c534b, secrets.length), secrets),
    ...packets,
  ]);
}
