// Proves that an attacker gets little for much: what few bytes make of memory, of time and of lines stays bounded, and a
// talk cannot hide what others say, or what it says itself later. Each was possible once.

import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf, converse, type Setting, type Step } from '../../src/analysis/protocols/golden/converse.ts';
import { type Protocol, protocols } from '../../src/analysis/protocols/index.ts';
import { QpackDecoder } from '../../src/analysis/protocols/quic/inside/qpack.ts';
import { ByteStream } from '../../src/analysis/protocols/quic/packets/byte-stream.ts';
import { HandshakeStream } from '../../src/analysis/protocols/tls/handshake-stream.ts';
import { HpackDecoder } from '../../src/analysis/protocols/web/http2/hpack.ts';
import { Expectations } from '../../src/analysis/talks/expectations.ts';
import type { FlowVoice } from '../../src/analysis/talks/flow-voice.ts';
import type { Endpoints } from '../../src/analysis/talks/talk-host.ts';

const registry = (name: string): readonly Protocol[] => {
  const first = protocols.find((protocol) => protocol.name === name);
  if (first === undefined) throw new Error(name);
  return [first, ...protocols.filter((protocol) => protocol !== first && protocol.probe === undefined)];
};
const hear = (name: string, steps: readonly Step[], setting: Setting = {}) =>
  converse(registry(name), steps, { open: true, ...setting });
const c = (text: string): Step => ({ side: 0, bytes: bytesOf(`'${text}`) });
const s = (text: string): Step => ({ side: 1, bytes: bytesOf(`'${text}`) });

/** The best of three, ms: the machine does other things, too. */
function tookMs(action: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const from = performance.now();
    action();
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

/** Bytes of typed arrays that an action leaves behind in what it gives. */
function madeBytes(count: number, make: () => unknown): number {
  const before = process.memoryUsage().arrayBuffers;
  const kept = Array.from({ length: count }, make);
  const made = (process.memoryUsage().arrayBuffers - before) / count;
  expect(kept.length).toBe(count);
  return made;
}

describe('a few bytes take little memory', () => {
  it('where a TLS handshake header announces a long message', () => {
    const bytes = Uint8Array.of(11, 1, 0xff, 0, 1, 2, 3);
    const made = madeBytes(200, () => {
      const stream = new HandshakeStream(() => true);
      stream.feed(bytes, 0, bytes.length);
      return stream;
    });
    expect(made).toBeLessThan(8192);
  });

  it('and the long message is read all the same, however it is cut', () => {
    const body = Uint8Array.from({ length: 70_000 }, (_, i) => i & 255);
    const whole = Uint8Array.of(11, 1, 0x11, 0x70, ...body);
    for (const size of [1, 3, 5000, 70_004]) {
      const got: Uint8Array[] = [];
      const stream = new HandshakeStream((_type, b, at, end) => got.push(b.slice(at, end)) > 0);
      for (let o = 0; o < whole.length; o += size) stream.feed(whole, o, Math.min(whole.length, o + size));
      expect(got.map((one) => one.length)).toEqual([body.length]);
      expect(got[0].every((byte, i) => byte === body[i])).toBe(true);
    }
  });

  it('where a frame of QUIC has a far offset', () => {
    const made = madeBytes(200, () => {
      const stream = new ByteStream({ window: 65_536, pieces: 256 });
      stream.add(65_000, Uint8Array.of(1), 0, 1);
      return stream;
    });
    expect(made).toBeLessThan(8192);
  });
});

describe('a packet takes little time', () => {
  it('of SSH after long lists of algorithms', () => {
    const packet = (body: Uint8Array): Uint8Array => {
      const length = body.length + 1 + 4;
      return Uint8Array.of(
        length >>> 24,
        (length >> 16) & 255,
        (length >> 8) & 255,
        length & 255,
        4,
        ...body,
        0,
        0,
        0,
        0,
      );
    };
    const list = (text: string): Uint8Array =>
      bytesOf(
        [0, 0, text.length >> 8, text.length & 255].map((n) => n.toString(16).padStart(2, '0')).join(''),
        `'${text}`,
      );
    const lists = (letter: string): Uint8Array =>
      packet(
        Uint8Array.of(
          20,
          ...new Uint8Array(16),
          ...list(`${letter},`.repeat(20_000)),
          ...Array.from({ length: 9 }, () => [...list(letter)]).flat(),
          0,
          0,
          0,
          0,
          0,
        ),
      );
    const many = Uint8Array.from(Array.from({ length: 2000 }, () => [...packet(Uint8Array.of(50))]).flat());
    const steps: Step[] = [
      c('SSH-2.0-a\r\n'),
      s('SSH-2.0-b\r\n'),
      { side: 0, bytes: lists('a') },
      { side: 1, bytes: lists('b') },
      { side: 1, bytes: many },
    ];
    expect(tookMs(() => hear('ssh', steps))).toBeLessThan(200);
  });

  it('of TFTP with zeros in an error', () => {
    const bytes = Uint8Array.from([0, 5, 0, 1, ...new Array<number>(60_000).fill(0), 65]);
    expect(tookMs(() => hear('tftp', [{ side: 1, bytes }], { proto: 17, given: { packet: 'read' } }))).toBeLessThan(50);
  });

  it('of MongoDB whose documents lie in one another', () => {
    const element = bytesOf('0a', "'client", '00 0a', "'aa", '00');
    const document = Uint8Array.from([...Array.from({ length: 3900 }, () => [...element]).flat(), 0]);
    const little = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
    const body = [0, 0, 0, 0, 0, ...little(document.length + 4), ...document];
    const bytes = Uint8Array.from([...little(16 + body.length), ...little(1), ...little(0), ...little(2013), ...body]);
    expect(tookMs(() => hear('mongodb', [{ side: 0, bytes }]))).toBeLessThan(60);
  });

  it('of HTTP/2 that fills the table of headers over and over', () => {
    const block = Uint8Array.from([0x3f, 0xe1, 0xff, 3, ...Array.from({ length: 30_000 }, () => [0x41, 0]).flat()]);
    expect(tookMs(() => new HpackDecoder().decode(block, 0, block.length))).toBeLessThan(60);
  });

  it('of HTTP/3 that does the same', () => {
    const block = Uint8Array.from([0x3f, 0xe1, 0xff, 3, 0xc0, 0, ...new Array<number>(60_000).fill(0)]);
    expect(tookMs(() => new QpackDecoder().instructions(block, 0, block.length))).toBeLessThan(60);
  });

  it('of HTTP with bombs of Brotli', () => {
    const bomb = brotliCompressSync(new Uint8Array(20_000_000));
    const head = bytesOf(`'HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: ${bomb.length}\r\n\r\n`);
    const bytes = Uint8Array.from(Array.from({ length: 300 }, () => [...head, ...bomb]).flat());
    const run = (): unknown => hear('http', [c('GET / HTTP/1.1\r\n\r\n'), { side: 1, bytes }]);
    run();
    // What is left of the allowance is spent: one of 64 is tried.
    expect(tookMs(run)).toBeLessThan(300);
  });

  it('of QUIC with thousands of messages in a stream', () => {
    const bytes = new Uint8Array(65_536);
    const run = (): void => {
      const stream = new ByteStream({ window: 65_536, pieces: 256 });
      for (let o = 0; o < bytes.length; o += 1024) stream.add(o, bytes, o, o + 1024);
      while (stream.ready >= 4) stream.take(4);
    };
    expect(tookMs(run)).toBeLessThan(60);
  });
});

describe('a message makes short lines', () => {
  it('of HTTP/2 that names a long header again and again', () => {
    const long = 4000;
    const literal = [
      0x40,
      1,
      97,
      0x7f,
      ((long - 127) & 127) | 128,
      (long - 127) >> 7,
      ...new Array<number>(long).fill(98),
    ];
    const block = Uint8Array.from([...literal, ...new Array<number>(120).fill(0xbe)]);
    const fields = new HpackDecoder().decode(block, 0, block.length) ?? [];
    expect(fields.length).toBeGreaterThan(4);
    expect(JSON.stringify(fields).length).toBeLessThan(40_000);
  });

  it('of DNS whose records point at one long name', () => {
    const label = [63, ...new Array<number>(63).fill(97)];
    const name = [...Array.from({ length: 15 }, () => label).flat(), 0];
    const record = [0, 0, 2, 0, 1, 0, 0, 0, 1, 0, 2, 0xc0, 12];
    const bytes = Uint8Array.from([
      0,
      1,
      0x81,
      0x80,
      0,
      1,
      4,
      0,
      0,
      0,
      0,
      0,
      ...name,
      0,
      2,
      0,
      1,
      ...Array.from({ length: 1024 }, () => record).flat(),
    ]);
    const heard = hear('dns', [{ side: 1, bytes }], { proto: 17, rPort: 53 });
    expect(heard.told.length).toBe(2);
    expect(JSON.stringify(heard.told.map(({ event }) => event)).length).toBeLessThan(400_000);
  });
});

describe('a talk keeps little', () => {
  it('of mails that wait for an answer which never comes', () => {
    const pair = [c('MAIL FROM:<a@example.org>\r\n'), s('250 ok\r\n')];
    const steps = [
      s('220 smtp\r\n'),
      c('EHLO a\r\nNOOP\r\n'),
      s('250 ok\r\n'),
      ...Array.from({ length: 300 }, () => pair).flat(),
    ];
    // All but a few were told before the end.
    const before = hear('smtp', steps).told.filter(({ timeUs }) => timeUs < 1_000_000 + steps.length * 1000);
    expect(before.length).toBeGreaterThan(300);
  });

  it('of requests of HTTP with long heads', () => {
    const request = c(`GET /${'x'.repeat(12_000)} HTTP/1.1\r\n\r\n`);
    const heard = hear('http', [...Array.from({ length: 40 }, () => request)]);
    const early = heard.told.filter(({ timeUs, options }) => options.timeUs !== undefined && timeUs > 0);
    expect(early.length).toBe(40);
    const open = hear('http', [
      ...Array.from({ length: 40 }, () => request),
      s('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    ]);
    // The first ones were given up: the answer belongs to a later one.
    expect(open.events().findIndex((event) => event.status === 200)).toBeGreaterThan(10);
  });
});

describe('nothing is hidden', () => {
  it('behind a literal of IMAP that the server refuses', () => {
    const heard = hear('imap', [
      s('* OK ready\r\n'),
      c('a LOGIN {9999999999}\r\n'),
      s('a BAD too long\r\n'),
      c('b LOGIN jane secret\r\n'),
      s('b OK in\r\n'),
    ]);
    expect(heard.events().at(-1)).toMatchObject({ tag: 'b', user: 'jane', status: 'OK' });
  });

  it.each([
    ['imap', ['* OK hi', 'b NOOP', 'b OK fine', 'c LOGIN jane x', 'c OK in'], { status: 'OK', user: 'jane' }],
    ['pop3', ['+OK hi', 'NOOP', '+OK', 'USER jane', '+OK'], { user: 'jane' }],
    ['ftp', ['220 hi', 'USER jane', '331 go on', 'CWD /next', '250 ok'], { command: 'CWD' }],
    ['smtp', ['220 hi', 'EHLO a', '250 ok', 'MAIL FROM:<jane@example.org>', '250 ok'], { sender: 'jane@example.org' }],
  ] as const)('behind odd lines of %s', (name, [greeting, first, answer, next, last], told) => {
    const heard = hear(name, [
      s(`${greeting}\r\n`),
      c(`${first}\r\n`),
      s(`${answer}\r\n`),
      ...Array.from({ length: 40 }, () => c('\u0001?\r\n')),
      c(`${next}\r\n`),
      s(`${last}\r\n`),
    ]);
    expect(heard.isOver).toBe(false);
    expect(heard.events().some((event) => Object.entries(told).every(([key, value]) => event[key] === value))).toBe(
      true,
    );
  });

  it('behind a size of memcached that is none', () => {
    for (const size of ['1.5', '1e9', '0x40000000', '-1', ' ']) {
      const heard = hear('memcached', [c(`set k 0 0 ${size}\r\nget next\r\n`), s('CLIENT_ERROR bad\r\nEND\r\n')]);
      expect(
        heard.events().some((event) => event.command === 'get'),
        size,
      ).toBe(true);
    }
  });
});

describe('names of the language are no names of the wire', () => {
  it('in SSDP', () => {
    const [event] = hear('ssdp', [c('NOTIFY * HTTP/1.1\r\nconstructor: x\r\n__proto__: y\r\nNT: z\r\n\r\n')], {
      proto: 17,
    }).events();
    expect(Object.keys(event).sort()).toEqual(['method', 'nt']);
  });

  it('and a number of SNMP is finite', () => {
    const value = [2, 0x81, 200, ...new Array<number>(200).fill(0x7f)];
    const pdu = [...value, 2, 1, 0, 2, 1, 0, 0x30, 0];
    const rest = [2, 1, 1, 4, 1, 65, 0xa0, 0x81, pdu.length, ...pdu];
    const heard = hear('snmp', [{ side: 0, bytes: Uint8Array.from([0x30, 0x81, rest.length, ...rest]) }], {
      proto: 17,
    });
    expect(heard.events()[0]).toMatchObject({ requestId: 0 });
  });
});

describe('announcements', () => {
  const ends = (flowId: number, client: number, server: number, oPort = 40_000, rPort = 21): Endpoints => ({
    flowId,
    proto: 6,
    ipVersion: 4,
    oWords: [client, 0, 0, 0],
    rWords: [server, 0, 0, 0],
    oPort,
    rPort,
    iface: 0,
    vlanOuter: -1,
    vlanInner: -1,
  });
  const voice = (flowId: number): FlowVoice => ({ timeUs: 0, ends: ends(flowId, 1, 2) }) as unknown as FlowVoice;
  const at = (port: number, word = 2) => ({
    proto: 6 as const,
    address: { ipVersion: 4, words: [word, 0, 0, 0] },
    port,
    protocol: 'ftp-data',
  });

  it('of one flow do not push out those of others', () => {
    const all = new Expectations();
    all.add(voice(1), at(5000));
    for (let port = 6000; port < 26_000; port++) all.add(voice(2), at(port));
    expect(all.size).toBeLessThanOrEqual(257);
    expect(all.take(ends(9, 1, 2, 41_000, 5000), 0)?.port).toBe(5000);
    expect(all.take(ends(9, 1, 2, 41_000, 25_999), 0)?.port).toBe(25_999);
  });

  it('serve a connection once, and only one of those who made it', () => {
    const all = new Expectations();
    all.add(voice(1), at(80));
    expect(all.take(ends(9, 7, 2, 41_000, 80), 0)).toBeNull();
    expect(all.take(ends(9, 1, 2, 41_000, 80), 0)?.port).toBe(80);
    expect(all.take(ends(9, 1, 2, 41_000, 80), 0)).toBeNull();
  });
});
