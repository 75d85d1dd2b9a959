// Rooms for tests of the command line: a run that does what the test says, and sinks that remember.

import type { Rooms } from '../../src/app/cli/rooms.ts';
import type { InterfaceInfo } from '../../src/app/machine/index.ts';
import type { Listeners, OpenSink, Run, RunOptions, RunResult } from '../../src/app/pipeline/index.ts';
import { Failure } from '../../src/core/index.ts';
import { emptySnapshot } from './cli-empty-snapshot.ts';

export interface FakeRun {
  options: RunOptions | null;
  listeners: Listeners;
  stops: number;
  aborts: number;
  /** Ends the run. */
  finish(result?: Partial<RunResult>): void;
  fail(error: unknown): void;
}

export interface FakeRooms extends Rooms {
  readonly run: FakeRun;
  /** What EVE destinations were told, by path. */
  readonly eveLog: string[];
  eveError: Error | null;
}

export const interfaceInfo = (index: number, name: string): InterfaceInfo => ({
  index,
  name,
  addresses: [{ address: `192.0.2.${index}`, prefixLength: 24 }],
  mac: null,
  kind: 'wired',
  isUp: true,
  isRunning: true,
  isConnected: true,
  mtu: 1500,
  speedBps: null,
  description: '',
  isDefaultRoute: index === 1,
  counters: { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 },
});

/** `endsOnStop`: the run finishes as soon as it is asked to. */
export function fakeRooms(endsOnStop = true): FakeRooms {
  const result: RunResult = { snapshot: emptySnapshot, interfaces: [], damage: null };
  const run: FakeRun = {
    options: null,
    listeners: {},
    stops: 0,
    aborts: 0,
    finish: () => {},
    fail: () => {},
  };
  const list = [interfaceInfo(1, 'eth0'), interfaceInfo(2, 'lo')];
  const rooms: FakeRooms = {
    run,
    eveLog: [],
    eveError: null,
    readJournal: () => [],
    writeJournal: () => {},
    openStore: async () => {
      throw new Failure('STORE_FAILED', 'there is no store in this play', 'Play another.');
    },
    openReading: async (place) => {
      throw new Failure('NO_SUCH_STORE', `there is no store in ${place}`, 'Play another.');
    },
    openTemporary: async () => {
      throw new Failure('STORE_FAILED', 'there is no store in this play', 'Play another.');
    },
    markFiles: async () => ({ known: null, broken: [], endsHash: '', hash: Promise.resolve('') }),
    loadServer: () => import('../../src/app/server/index.ts'),
    loadScenes: () => import('../../src/app/scenes/index.ts'),
    loadScreen: () => import('../../src/screens/tui/index.ts'),
    ableNode: async () => null,
    startRun(options, listeners): Run {
      run.options = options;
      run.listeners = listeners;
      const done = new Promise<RunResult>((resolve, reject) => {
        run.finish = (part = {}) => resolve({ ...result, ...part });
        run.fail = reject;
      });
      // As run.ts does: what `opened` throws is what the run fails with.
      try {
        listeners.opened?.([]);
      } catch (error) {
        run.fail(error);
      }
      const stop = () => {
        run.stops++;
        if (endsOnStop) run.finish();
      };
      const abort = async () => {
        run.aborts++;
      };
      return { done, stop, abort };
    },
    openEve: ({ path }) => notingSink(rooms, path),
    openZeek: ({ path }) => notingSink(rooms, path),
    listInterfaces: () => list,
    resolveInterface: (text) => {
      const found = list.find((one) => one.name === text || String(one.index) === text);
      if (found === undefined) throw new Failure('NO_SUCH_INTERFACE', `there is no ${text}`, 'There is: eth0, lo.');
      return found;
    },
    examine: () => [{ name: 'node', ok: true, found: 'fine', fix: '' }],
    permissionAdvice: () => [{ title: 'just this time', lines: ['sudo node x -i eth0'], why: 'gives root up' }],
  };
  return rooms;
}

/** A sink that only notes what it was given. */
function notingSink(rooms: FakeRooms, path: string): OpenSink {
  if (rooms.eveError !== null) throw rooms.eveError;
  const note = (what: string) => {
    rooms.eveLog.push(`${path} ${what}`);
    if (rooms.eveError !== null && what !== 'close') throw rooms.eveError;
  };
  return {
    write: () => note('flow'),
    event: () => note('event'),
    alert: () => note('alert'),
    stats: () => note('stats'),
    flush: () => note('flush'),
    close: () => note('close'),
  };
}
