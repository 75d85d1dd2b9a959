// Proves what `taplight packets` asks for, writes and refuses.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeHost } from '../../../../../test/e2e/cli-fake-host.ts';
import { makeFolder, packet, packetsIn, RingStage } from '../../../../capture/writers/ring/ring-stage.ts';
import type { RowsRequest, Value } from '../../../../output/store/index.ts';
import type { Host } from '../../host.ts';
import { readArguments, readSettings } from '../../options/index.ts';
import type { Rooms } from '../../rooms.ts';
import { packets } from './packets.ts';

let folder = '';
let remove = (): void => {};
const store = (): string => join(folder, 'store');

beforeAll(() => {
  ({ path: folder, remove } = makeFolder());
  mkdirSync(store());
  const stage = new RingStage(join(store(), 'packets'), { run: 5 });
  for (let n = 1; n <= 12; n++) stage.put(packet(n, n * 1e6, [n % 3]));
  stage.close();
});
afterAll(() => remove());

const flowColumns = ['run', 'flow_id', 'start_ts', 'end_ts'];
const alert = {
  run: 5,
  alert_id: 'a1',
  first_ts: 3e6,
  last_ts: 4e6,
  flows: [],
  packets: [3],
  sources: [],
  targets: [],
};

/** Runs the command; the store has flow 1 of run 5, and an alert. */
async function run(words: readonly string[], host: Host = fakeHost()) {
  const asked: RowsRequest[] = [];
  let isClosed = false;
  const rows = async (request: RowsRequest) => {
    asked.push(request);
    if (request.filter?.includes('none')) return { columns: [], rows: [], isCut: false, tookMs: 0 };
    const names = request.table === 'alerts' ? Object.keys(alert) : flowColumns;
    const row: Value[] = request.table === 'alerts' ? Object.values(alert) : [5, 1, 1e6, 10e6];
    return { columns: names.map((name) => ({ name, kind: 'u64' })), rows: [row], isCut: false, tookMs: 0 };
  };
  const history = { rows, runs: async () => [{ run: 5, kind: 'live', sensor: 'x' }] };
  const close = async (): Promise<void> => {
    isClosed = true;
  };
  const rooms = { openReading: async () => ({ history, close }) } as unknown as Rooms; // all that is used
  const given = readArguments(['packets', '--store', store(), ...words]);
  const read = readSettings({
    command: given.command,
    given: given.given,
    environment: {},
    config: null,
    listSeparator: ':',
  });
  const code = await packets(read, given, host, rooms);
  expect(isClosed).toBe(true);
  return { code, asked, host };
}

const numbersIn = (path: string): number[] => packetsIn(readFileSync(path)).map(({ number }) => number);

describe('packets', () => {
  it('writes those of the flows that a filter finds, and says how many', async () => {
    const path = join(folder, 'filter.pcapng');
    const { code, asked, host } = await run(['tcp', 'and', 'bytes > 5', '--limit', '3', '-w', path]);
    expect(code).toBe(0);
    expect(numbersIn(path)).toEqual([1, 4, 7]);
    expect(asked).toMatchObject([{ table: 'flows', filter: 'tcp and bytes > 5' }]);
    expect((host as ReturnType<typeof fakeHost>).stderr.text).toBe(
      `taplight: 3 packets to ${path}; more were kept: raise --limit\n`,
    );
  });

  it('writes those of a flow, of an alert, and all', async () => {
    const path = join(folder, 'other.pcapng');
    const flow = await run(['--flow', '5:1', '-w', path]);
    expect(numbersIn(path)).toEqual([1, 4, 7, 10]);
    expect(flow.asked).toMatchObject([{ table: 'flows', filter: 'flow.id == 1', runs: [5] }]);
    const { asked } = await run(['--alert', 'a1', '-w', path]);
    expect(numbersIn(path)).toEqual([3]);
    expect(asked).toMatchObject([{ table: 'alerts', filter: 'alert.id == "a1"', runs: 'all' }]);
    await run(['-w', path]);
    expect(numbersIn(path)).toHaveLength(12);
  });

  it('writes into a pipe', async () => {
    const pieces: Uint8Array[] = [];
    const write = (data: string | Uint8Array, done?: () => void): boolean => {
      pieces.push(data as Uint8Array);
      done?.();
      return true;
    };
    const host: Host = { ...fakeHost(), stdout: { write, on: () => {} } };
    await run(['--flow', '5:1', '-w', '-'], host);
    expect(packetsIn(Buffer.concat(pieces))).toHaveLength(4);
  });

  it('makes no file where nothing is found, and leaves the one that is there', async () => {
    const path = join(folder, 'kept.pcapng');
    writeFileSync(path, 'as it was');
    await expect(run(['none', '-w', path])).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    expect(readFileSync(path, 'utf8')).toBe('as it was');
    await expect(run(['none', '-w', join(folder, 'new')])).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it.each([
    [[], 'need a file'],
    [['tcp', '--alert', 'a1', '-w', 'x'], '--alert and a filter exclude each other'],
    [['--flow', '1:2', '--alert', 'a1', '-w', 'x'], 'exclude each other'],
    [['--flow', '12', '-w', 'x'], 'is not RUN:ID'],
    [['--alert', 'none', '-w', 'x'], "there is no alert 'none'"],
    [['--alert', 'a"b', '-w', 'x'], 'there is no alert'],
  ])('refuses %j', async (words, message) => {
    await expect(run(words)).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining(message) });
  });

  it('says what cannot be written', async () => {
    await expect(run(['-w', join(folder, 'no/such/file')])).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });
});
