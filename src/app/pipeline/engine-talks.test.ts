// Proves that conversations go with flows from packets to events: put in order whatever came first, named whatever the port,
// from the fragments of a datagram, across an announcement, and with memory given back; a swap turns the record round.

import { describe, expect, it } from 'vitest';
import { be16, be32, ethernet, ipv4, udp } from '../../capture/wire/golden/build.ts';
import { batchCapacity, createQueueMemory, Flow, FrameBatch, QueueReader, QueueWriter } from '../../core/index.ts';
import { Engine } from './engine.ts';
import { runOptions } from './golden/run-options.ts';
import { FactReceiver, FactSender } from './hand-over/facts.ts';

const options = runOptions({
  input: { kind: 'files', paths: [], follow: false },
  wants: { flows: true, packets: false, alerts: false, events: true, values: true },
});

interface Told {
  readonly kind: string;
  readonly line: Record<string, unknown>;
  readonly values: Record<string, unknown>;
}

function run(frames: readonly (readonly number[])[]): { flows: Flow[]; events: Told[]; engine: Engine } {
  const memory = createQueueMemory(1 << 20);
  const writer = new QueueWriter(memory, 'drop', () => {});
  const flows: Flow[] = [];
  const events: Told[] = [];
  const receiver = new FactReceiver(new QueueReader(memory), {
    flow: (flow) => flows.push(Object.assign(new Flow(), flow, { mac: flow.mac.slice() })),
    event: (fact) => {
      const text = new TextDecoder().decode(fact.line.slice());
      expect(text === '' || text.endsWith('}\n')).toBe(true);
      events.push({ kind: fact.kind.name, line: text === '' ? {} : JSON.parse(text), values: fact.values() });
    },
  });
  const engine = new Engine(options, new FactSender(writer, { eve: true, values: true, numbers: true }), 1);
  const batch = new FrameBatch();
  const numbers = new Float64Array(batchCapacity);
  batch.bytes = Uint8Array.from(frames.flat());
  let at = 0;
  for (const [i, frame] of frames.entries()) {
    batch.at[i] = at;
    batch.capLen[i] = frame.length;
    batch.wireLen[i] = frame.length;
    batch.timeUs[i] = 1e15 + i * 1000;
    numbers[i] = i + 1;
    at += frame.length;
  }
  engine.run(batch, frames.length, numbers, [{ name: 'x', linkType: 1, snapLen: 0, ticksPerSec: 1e6 }]);
  engine.finish();
  receiver.drain();
  return { flows, events, engine };
}

const bytesOf = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));

/** A segment; `back` from the server. */
function segment(back: boolean, flags: number, seq: number, ack: number, text = '', port = 8099): number[] {
  const ports = back ? [...be16(port), ...be16(40_000)] : [...be16(40_000), ...be16(port)];
  const header = [...ports, ...be32(seq), ...be32(ack), 0x50, flags, ...be16(1000), 0, 0, 0, 0];
  const [src, dst] = back
    ? [
        [192, 168, 1, 254],
        [10, 0, 0, 1],
      ]
    : [
        [10, 0, 0, 1],
        [192, 168, 1, 254],
      ];
  const packet = ipv4(6, [...header, ...bytesOf(text)]);
  packet.splice(12, 8, ...src, ...dst);
  return ethernet(0x0800, packet);
}

const SYN = 2;
const ACK = 16;
const FIN = 1;
const opened = [segment(false, SYN, 100, 0), segment(true, SYN | ACK, 500, 101), segment(false, ACK, 101, 501)];
const request = 'GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: test\r\n\r\n';
const response = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';

function piecesOf(text: string, size: number): [at: number, part: string][] {
  const pieces: [number, string][] = [];
  for (let at = 0; at < text.length; at += size) pieces.push([at, text.slice(at, at + size)]);
  return pieces;
}

describe('a conversation in the engine', () => {
  it.each([
    ['in order', (frames: number[][]) => frames],
    ['backwards', (frames: number[][]) => [...frames].reverse()],
    ['twice', (frames: number[][]) => [...frames, ...frames]],
  ])('is read %s, on any port', (_how, order) => {
    const asked = piecesOf(request, 20).map(([at, part]) => segment(false, ACK, 101 + at, 501, part));
    const end = 101 + request.length;
    const answered = piecesOf(response, 20).map(([at, part]) => segment(true, ACK, 501 + at, end, part));
    const last = [
      segment(false, FIN | ACK, end, 501 + response.length),
      segment(true, FIN | ACK, 501 + response.length, end + 1),
    ];
    const { flows, events, engine } = run([...opened, ...order(asked), ...order(answered), ...last]);
    const http = events.filter(({ kind, line }) => kind === 'http' && line.http !== undefined);
    expect(http.map(({ line }) => line.http)).toMatchObject([
      { hostname: 'www.example.org', url: '/index.html', status: 200 },
    ]);
    expect(http[0].line).toMatchObject({
      src_ip: '10.0.0.1',
      dest_port: 8099,
      event_type: 'http',
      flow_id: flows[0].id,
    });
    expect(flows.map((flow) => [flow.app, flow.eveApp, flow.zeekServices])).toEqual([['http', 'http', 'http']]);
    expect([engine.talks.active, engine.talks.kept, engine.talks.faults.size]).toEqual([0, 0, 0]);
  });

  it('goes on behind a hole once the other side has acknowledged it', () => {
    const lost = 'x'.repeat(50);
    const long = response.replace('5\r\n', '55\r\n');
    const end = 101 + request.length;
    const { events } = run([
      ...opened,
      segment(false, ACK, 101, 501, request),
      segment(true, ACK, 501, end, long),
      segment(true, ACK, 501 + long.length + lost.length, end, 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
      segment(false, ACK, end, 501 + long.length + lost.length + 46, request),
    ]);
    expect(events.some(({ line }) => (line.http as { status?: number } | undefined)?.status === 200)).toBe(true);
  });

  it('is read from a datagram in fragments, and a response first turns the record round', () => {
    const name = [3, ...bytesOf('www'), 7, ...bytesOf('example'), 3, ...bytesOf('org'), 0];
    const answer = [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...name, 0, 1, 0, 1];
    const record = [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1];
    const datagram = udp(5300, 5301, [...answer, ...record]);
    const cut = (offset: number, isLast: boolean, data: readonly number[]): number[] => {
      const bytes = ipv4(17, data);
      bytes.splice(4, 4, 0x12, 0x34, ...be16((isLast ? 0 : 0x2000) | (offset >> 3)));
      return ethernet(0x0800, bytes);
    };
    const { flows, events } = run([cut(24, true, datagram.slice(24)), cut(0, false, datagram.slice(0, 24))]);
    const line = events.find(({ kind }) => kind === 'dns')?.line;
    expect(line).toMatchObject({ src_port: 5300, dest_port: 5301, dns: { type: 'response' } });
    expect(flows.map((flow) => [flow.app, flow.oPort, flow.rPort, flow.rPackets])).toEqual([['dns', 5301, 5300, 2]]);
  });

  it('is opened by an announcement, whatever is said', () => {
    const control = [
      ...opened.map((_frame, i) =>
        segment(i === 1, [SYN, SYN | ACK, ACK][i], i === 1 ? 500 : 100 + (i >> 1), [0, 101, 501][i], '', 2100),
      ),
    ];
    const banner = '220 ready\r\n';
    const pasv = 'PASV\r\n';
    const reply = '227 Entering Passive Mode (192,168,1,254,19,137)\r\n';
    const { flows } = run([
      ...control,
      segment(true, ACK, 501, 101, banner, 2100),
      segment(false, ACK, 101, 501 + banner.length, `USER me\r\n`, 2100),
      segment(true, ACK, 501 + banner.length, 110, '331 go on\r\n', 2100),
      segment(false, ACK, 110, 523, pasv, 2100),
      segment(true, ACK, 523, 116, reply, 2100),
      ...opened.map((_frame, i) =>
        segment(
          i === 1,
          [SYN, SYN | ACK, ACK][i],
          i === 1 ? 500 : 100 + (i >> 1),
          [0, 101, 501][i],
          '',
          19 * 256 + 137,
        ),
      ),
      segment(true, ACK, 501, 101, '\x01\x02\x03anything', 19 * 256 + 137),
    ]);
    expect(flows.map((flow) => flow.app).sort()).toEqual(['ftp', 'ftp-data']);
  });

  it('leaves flows without payload unnamed and unread', () => {
    const { flows, engine } = run(opened);
    expect(flows.map((flow) => [flow.app, flow.appHow])).toEqual([['', '']]);
    expect(engine.talks.active).toBe(0);
  });
});
