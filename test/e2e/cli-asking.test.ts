// Proves what the command line asks of a store, word by word: scopes, orders, pages, formats, and what it refuses.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/app/cli/index.ts';
import type { Reading } from '../../src/app/pipeline/index.ts';
import { Failure } from '../../src/core/index.ts';
import type { History, Result } from '../../src/output/store/index.ts';
import { type FakeHost, fakeHost } from './cli-fake-host.ts';
import { type FakeRooms, fakeRooms } from './cli-fake-rooms.ts';
import { scratchFolder } from './scratch-folder.ts';

const folder = scratchFolder('asking');

const page = (count: number, from = 0, isCut = false): Result => ({
  columns: [
    { name: 'end_ts', kind: 'time' },
    { name: 'src_ip', kind: 'address' },
    { name: 'bytes_fwd', kind: 'u64' },
  ],
  rows: Array.from({ length: count }, (_, i) => [1_795_168_800_000_000 + from + i, `10.0.0.${i % 250}`, 1000 * i]),
  isCut,
  tookMs: 1,
});

let host: FakeHost;
let rooms: FakeRooms;
/** What the history was asked, in order. */
let asked: { readonly question: string; readonly request: Record<string, unknown> }[];
let closed: number;
let places: string[];

/** Answers everything with the same, and notes what was asked. */
function history(answer: (question: string, request: Record<string, unknown>) => unknown): History {
  const note = (question: string) => async (request: unknown, options?: { signal?: AbortSignal }) => {
    const words = typeof request === 'string' ? { sql: request, ...options } : { ...(request as object) };
    asked.push({ question, request: words as Record<string, unknown> });
    return answer(question, { ...words, signal: options?.signal });
  };
  const names = ['rows', 'count', 'top', 'series', 'diff', 'sql', 'runs', 'sensors'];
  return Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as History;
}

function play(argv: readonly string[], answer: Parameters<typeof history>[0] = () => page(3)): Promise<number> {
  host = fakeHost(argv, { in: false, out: false, err: true });
  rooms = fakeRooms();
  const reading: Reading = {
    history: history(answer),
    info: async () => ({
      place: '/s',
      engine: 'duckdb',
      schema: 1,
      bytes: 1_000_000,
      rows: { flows: 12_345, dns: 0 },
      waitingRows: 0,
      spoolBytes: 0,
      droppedRows: 0,
    }),
    exportParquet: async (request, path) => {
      asked.push({ question: 'parquet', request: { ...request, path } });
    },
    close: async () => {
      closed++;
    },
  };
  rooms.openReading = async (place) => {
    places.push(place);
    return reading;
  };
  return runCommandLine(host, rooms);
}

beforeEach(() => {
  asked = [];
  closed = 0;
  places = [];
});

describe('rows', () => {
  it('are asked with filter, scope, order and page', async () => {
    const words =
      'flows app == tls --from 1795168800 --to 2026-11-21T00:00:00Z --sort bytes:desc,src_ip --limit 5 --offset 10';
    expect(await play([...words.split(' '), '--sensor', 'a', '--sensor', 'b', '--source', '11,12'])).toBe(0);
    expect(asked[0]).toEqual({
      question: 'rows',
      request: {
        table: 'flows',
        filter: 'app == tls',
        fromUs: 1_795_168_800_000_000,
        toUs: Date.parse('2026-11-21T00:00:00Z') * 1000,
        sort: [
          { column: 'bytes', descending: true },
          { column: 'src_ip', descending: false },
        ],
        sensors: ['a', 'b'],
        runs: [11, 12],
        limit: 5,
        offset: 10,
        columns: expect.arrayContaining(['end_ts', 'src_ip', 'host']),
      },
    });
    expect(closed).toBe(1);
    expect(places).toEqual(['/nonexistent/.local/share/taplight/store']);
    expect(host.stdout.text).toContain('2.00 kB');
  });

  it('come page after page where all are wanted', async () => {
    const answer = (_: string, { offset = 0 }: Record<string, unknown>): Result =>
      Number(offset) < 40_000 ? page(20_000, Number(offset), true) : page(7, 40_000);
    expect(await play(['hosts', '--format', 'jsonl', '--store', '/other'], answer)).toBe(0);
    expect(host.stdout.text.trim().split('\n')).toHaveLength(40_007);
    expect(asked.map(({ request }) => [request.offset, request.limit])).toEqual([
      [0, 20_000],
      [20_000, 20_000],
      [40_000, 20_000],
    ]);
    expect(places).toEqual(['/other']);
  });

  it('go to a file in the format of its name', async () => {
    const path = join(folder, 'rows.csv');
    expect(await play(['smb-files', '-w', path])).toBe(0);
    expect(asked[0].request.table).toBe('smb_files');
    expect(readFileSync(path, 'utf8').split('\r\n')[1]).toBe('2026-11-20T10:00:00.000000Z,10.0.0.0,0');
    expect(await play(['flows', '-w', join(folder, 'rows.parquet'), '--limit', '9'])).toBe(0);
    expect(asked.at(-1)).toMatchObject({ question: 'parquet', request: { table: 'flows', limit: 9 } });
    expect(await play(['flows', '-w', join(folder, 'none/rows.csv')])).toBe(1);
    expect(host.stderr.text).toContain('ENOENT');
  });

  it('say when there are more, and when there are none', async () => {
    await play(['flows'], () => page(3, 0, true));
    expect(host.stderr.text).toContain('--offset');
    await play(['flows'], () => page(0));
    expect(host.stderr.text).toContain('nothing found');
  });

  it('underline the wrong word of a filter', async () => {
    const answer = (): never => {
      throw new Failure('BAD_FILTER', 'there is no field `colour`', 'see', undefined, { at: 11, length: 6 });
    };
    expect(await play(['flows', 'app == x or colour == 3'], answer)).toBe(2);
    expect(host.stderr.text).toContain('  app == x or colour == 3\n             ^^^^^^\n');
    expect(closed).toBe(1);
  });

  it.each([
    [['flows', '--from', 'gaga'], '--from'],
    [['flows', '--from', 'today', '--to', '2001'], '--to is not after'],
    [['flows', '--sort', 'a:b'], '--sort'],
    [['flows', '--source', 'dead'], '--source'],
    [['flows', '--format', 'parquet'], 'Parquet'],
    [['top', '--limit', '3'], 'group by'],
    [['series', '--step', '500ms'], 'whole seconds'],
    [['rows', 'nothing'], 'no table'],
    [['query'], 'no SQL'],
    [['diff', 'yesterday'], 'two things'],
    [['diff', 'nosuchfile.pcap', 'today'], 'no file, no time'],
    [['store', 'burn'], 'nothing to do'],
    [['store', 'forget', 'all'], 'by number'],
  ])('are refused for %j', async (argv, words) => {
    expect(await play(argv)).toBe(2);
    expect(host.stderr.text).toContain(words);
    expect(asked).toEqual([]);
  });
});

describe('sums', () => {
  it('are asked by what was named', async () => {
    await play(['top', 'ip,port', 'app == dns', '--measures', 'flows,hosts', '--limit', '3']);
    expect(asked[0]).toEqual({
      question: 'top',
      request: { by: ['ip', 'port'], measures: ['flows', 'hosts'], filter: 'app == dns', limit: 3 },
    });
    await play(['series', 'bytes,flows', 'app == dns', '--by', 'app', '--step', '5m']);
    expect(asked[1].request).toEqual({ measures: ['bytes', 'flows'], filter: 'app == dns', by: 'app', stepSec: 300 });
    await play(['series', 'app == dns']);
    expect(asked[2].request).toEqual({ measures: ['bytes'], filter: 'app == dns' });
  });

  it('say when they are not exact', async () => {
    await play(['series', 'rtt_p95'], () => ({
      ...page(1),
      notes: ['bytes: from flows, exact', 'rtt_p95: within 13 %'],
    }));
    expect(host.stderr.text).toBe('rtt_p95: within 13 %\n');
  });
});

describe('query', () => {
  it('hands SQL over with its bounds', async () => {
    expect(
      await play(['query', 'SELECT 1', '--timeout', '5s', '--memory', '2MB', '--limit', '7', '--format', 'csv']),
    ).toBe(0);
    expect(asked[0].request).toMatchObject({ sql: 'SELECT 1', timeoutMs: 5000, maxBytes: 2_000_000, maxRows: 7 });
  });

  it('is stopped by Ctrl+C, in the engine too', async () => {
    const answer = (_: string, { signal }: Record<string, unknown>): Promise<never> =>
      new Promise((_resolve, reject) => {
        (signal as AbortSignal).addEventListener('abort', () =>
          reject(new Failure('QUERY_STOPPED', 'stopped', 'Ask again.')),
        );
        setTimeout(() => host.signal('SIGINT'), 1);
      });
    expect(await play(['query', 'SELECT forever'], answer)).toBe(130);
    expect(closed).toBe(1);
  });

  it('says that its time was up', async () => {
    const answer = (): never => {
      throw new Failure('QUERY_STOPPED', 'it took longer than 5 s', 'Ask for less.');
    };
    expect(await play(['query', 'SELECT 1'], answer)).toBe(1);
    expect(host.stderr.text).toContain('longer than 5 s');
  });
});

describe('the rest', () => {
  it('compares times and runs of one store', async () => {
    const report = {
      sections: [
        {
          what: 'hosts',
          title: 'Hosts',
          more: 2,
          items: [{ change: 'new', thing: 'x', before: null, after: 1, unit: 'bytes', text: 'New host: \u001b x' }],
        },
      ],
    };
    expect(
      await play(['diff', '2026-11-20T10:00:00Z..2026-11-20T11:00:00Z', '17', '--sensor', 'a'], () => report),
    ).toBe(0);
    expect(asked[0].request).toEqual({
      before: { fromUs: 1_795_168_800_000_000, toUs: 1_795_172_400_000_000, sensors: ['a'] },
      after: { runs: [17], sensors: ['a'] },
    });
    expect(host.stdout.text).toBe('Hosts\n  + New host: \\x1b x\n  and 2 more: --limit\n');
  });

  it('lists runs, sensors and what a store holds', async () => {
    const run = {
      run: 7,
      sensor: 'a',
      kind: 'live',
      source: 'eth0',
      hash: '',
      state: 'open',
      beganUs: 1_795_168_800_000_000,
      firstUs: null,
      lastUs: null,
      packets: 1,
      bytes: 2,
    };
    await play(['runs', '--json'], () => [run]);
    expect(JSON.parse(host.stdout.text)).toMatchObject([
      { run: 7, began_ts: '2026-11-20T10:00:00.000000Z', last_ts: null },
    ]);
    await play(['sensors'], () => [
      { sensor: 'a', ts: 1_795_168_800_000_000, packets_per_sec: 1234.2, bits_per_sec: 8000 },
    ]);
    expect(host.stdout.text).toContain('1,234');
    await play(['store', 'info']);
    expect(host.stdout.text).toMatch(/duckdb, schema 1, 1.00 MB\n.*\n\s+flows\s+12,345\n$/);
  });

  it('lists alerts of a store that was named', async () => {
    const details = JSON.stringify({
      id: 'a1',
      detector: 'scan.icmp',
      severity: 'high',
      explain: 'pinged',
      firstUs: 0,
    });
    const answer = (question: string) =>
      question === 'count'
        ? 1
        : { columns: [{ name: 'details', kind: 'json' }], rows: [[details]], isCut: false, tookMs: 1 };
    expect(await play(['alerts', 'detector == x', '--store', '/s', '--severity', 'medium'], answer)).toBe(0);
    expect(host.stdout.text).toContain('scan.icmp');
    expect(asked.at(-1)?.request).toMatchObject({
      filter: '(detector == x) && alerts.severity_rank >= 2',
      columns: ['details'],
    });
    expect(await play(['alerts', '--store', '/s', '--format', 'csv'])).toBe(0);
    expect(asked.at(-1)?.request.table).toBe('alerts');
  });

  it('explains every command', async () => {
    for (const command of ['flows', 'top', 'series', 'query', 'diff', 'sensors', 'runs', 'store']) {
      expect(await play([command, '--help'])).toBe(0);
      expect(host.stdout.text).toContain('--store <place>');
    }
  });
});
