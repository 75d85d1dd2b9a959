// Proves that a destination gets whole lines and nothing twice, whatever the system answers, and that one that takes no
// more ends the sink with one clear error.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plainAlert } from '../../core/golden/plain-alert.ts';
import { type Alert, Failure, Flow } from '../../core/index.ts';
import { blockBytes, type FileCalls } from './byte-file.ts';
import { openEve } from './eve.ts';
import { isReaderGone, sinks } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'taplight-sink-'));
afterAll(() => rmSync(folder, { recursive: true }));

const flow = Object.assign(new Flow(), { id: 1, proto: 6, oPort: 37010, rPort: 80 });

const alert: Alert = {
  ...plainAlert,
  detector: 'volume.packets',
  severity: 'info',
  score: 0,
  key: '192.168.1.1',
  firstUs: 0,
  lastUs: 1,
  firstPacket: 1,
  packet: 101,
  count: 101,
  observed: 101,
  threshold: 100,
  explain: '',
  mitre: null,
  flows: [],
  packets: [],
  filter: '',
};

/** A system whose writes follow a script: a number of bytes to take, or a code to fail with. */
function scripted(script: (number | string)[]): { calls: FileCalls; text: () => string; pauses: () => number } {
  const taken: number[] = [];
  let pauses = 0;
  return {
    text: () => String.fromCharCode(...taken),
    pauses: () => pauses,
    calls: {
      open: () => 9,
      write: (_fd, bytes, at, length) => {
        const step = script.shift() ?? length;
        if (typeof step === 'string') throw Object.assign(new Error(step), { code: step });
        const count = Math.min(step, length);
        for (let i = 0; i < count; i++) taken.push(bytes[at + i]);
        return count;
      },
      close: () => {},
      pause: () => {
        pauses++;
      },
    },
  };
}

describe('the destination', () => {
  test('partial writes, EAGAIN and EINTR lose nothing', () => {
    const system = scripted([10, 'EAGAIN', 'EINTR', 1, 'EAGAIN']);
    const sink = openEve({ path: 'x' }, system.calls);
    sink.write(flow);
    sink.flush();
    expect(JSON.parse(system.text())).toMatchObject({ src_port: 37010 });
    expect(system.pauses()).toBe(2);
  });

  test('a reader that has gone is told once, then the sink is silent', () => {
    const sink = openEve({ path: '-' }, scripted(['EPIPE', 'EPIPE']).calls);
    sink.write(flow);
    let error: unknown;
    try {
      sink.flush();
    } catch (thrown) {
      error = thrown;
    }
    expect(isReaderGone(error)).toBe(true);
    expect(error).not.toBeInstanceOf(Failure);
    sink.write(flow);
    sink.flush();
    sink.close();
  });

  test('a full disk is a failure that says what to do', () => {
    const sink = openEve({ path: '/var/log/eve.json' }, scripted(['ENOSPC']).calls);
    sink.write(flow);
    expect(() => sink.flush()).toThrow(
      expect.objectContaining({ code: 'WRITE_FAILED', message: 'cannot write /var/log/eve.json: the disk is full' }),
    );
  });

  test('a path that cannot be opened is a failure', () => {
    expect(() => sinks[0].open({ path: join(folder, 'no', 'such') })).toThrow(
      expect.objectContaining({ code: 'WRITE_FAILED', hint: 'Create the folder first.' }),
    );
    expect(() => sinks[0].open({ path: folder })).toThrow('it is a directory');
  });

  test('a second run adds to the file; closing twice is harmless; writing afterwards is refused', () => {
    const path = join(folder, 'twice.json');
    for (let run = 0; run < 2; run++) {
      const sink = sinks[0].open({ path });
      sink.write(flow);
      sink.close();
      sink.close();
      sink.flush();
      expect(() => sink.write(flow)).toThrow(expect.objectContaining({ code: 'WRITE_FAILED' }));
    }
    expect(readFileSync(path, 'utf8').split('\n').length).toBe(3);
  });

  test('blocks end at lines: what a reader sees is always whole', () => {
    const sizes: number[] = [];
    let last = 0;
    const calls: FileCalls = {
      open: () => 9,
      write: (_fd, bytes, _at, length) => {
        sizes.push(length);
        last = bytes[length - 1];
        return length;
      },
      close: () => {},
      pause: () => {},
    };
    const sink = openEve({ path: 'x' }, calls);
    for (let i = 0; i < 1000; i++) {
      sink.write(flow);
      if (i % 100 === 0) sink.alert?.({ ...alert, explain: 'x'.repeat(i * 30) });
      if (sizes.length > 0) expect(last).toBe(0x0a);
    }
    sink.close();
    expect(sizes[0]).toBeGreaterThanOrEqual(blockBytes / 2);
    expect(sizes.length).toBeGreaterThan(2);
  });
});
