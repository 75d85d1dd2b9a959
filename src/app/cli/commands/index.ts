/**
 * What the program can do, one file per command.
 *
 * Guarantees: a command takes settings and a host, gives an exit code, and throws a Failure for what cannot be done; it
 * ends no process and reads no surroundings but the host's. To add one: write the file, add the line, name it in
 * options/table.ts.
 */
import type { ExitCode } from '../../../core/index.ts';
import type { Host } from '../host.ts';
import type { Arguments, CommandName, ReadSettings } from '../options/index.ts';
import type { Rooms } from '../rooms.ts';
import { alerts } from './alerting/alerts.ts';
import { detectors } from './alerting/detectors.ts';
import { except } from './alerting/except.ts';
import { explain } from './alerting/explain.ts';
import { testDetector } from './alerting/test-detector.ts';
import { diff } from './asking/diff.ts';
import { runs, sensors } from './asking/kept.ts';
import { packets } from './asking/packets.ts';
import { query } from './asking/query.ts';
import { rows } from './asking/rows.ts';
import { store } from './asking/store.ts';
import { series, top } from './asking/sums.ts';
import { capture } from './capturing/capture.ts';
import { demo } from './capturing/demo.ts';
import { doctor } from './doctor.ts';
import { interfaces } from './interfaces.ts';
import { onScreen } from './screen/on-screen.ts';

export type Command = (read: ReadSettings, given: Arguments, host: Host, rooms: Rooms) => Promise<ExitCode>;

/** Loaded when they are asked for: captures are to begin at once. */
const report: Command = async (...given) => (await import('./reporting/report.ts')).report(...given);
const serve: Command = async (...given) => (await import('./serving/serve.ts')).serve(...given);

const doors = { capture, demo, serve };

export const commands: Readonly<Record<CommandName, Command>> = {
  capture: onScreen('capture', doors), // the command without a name
  demo: onScreen('demo', doors),
  interfaces,
  doctor,
  alerts,
  explain,
  except,
  detectors,
  'test-detector': testDetector,
  packets,
  report,
  serve,
  rows, // flows, hosts, dns … and every other table
  top,
  series,
  query,
  diff,
  sensors,
  runs,
  store,
};
