// What the commands need of the other rooms, as one value, so that tests can play them without a network.

import type { Engine, Store } from '../../output/store/index.ts';
import type { Advice, Check, InterfaceInfo, JournalEntry } from '../machine/index.ts';
import * as machine from '../machine/index.ts';
import type {
  FileMark,
  Listeners,
  OpenSink,
  Run,
  RunOptions,
  SinkOptions,
  StoreOpening,
  StorePlan,
  ZeekOptions,
} from '../pipeline/index.ts';
import * as pipeline from '../pipeline/index.ts';
import type { Host } from './host.ts';
import { openOwnedStore } from './owned-store.ts';

export interface Rooms {
  /** Alerts of past runs, newest run first. */
  readJournal(host: Host): readonly JournalEntry[];
  /** Keeps the alerts of a run. Throws WRITE_FAILED. */
  writeJournal(host: Host, entry: JournalEntry): void;
  /** Opens a store for writing. Throws STORE_LOCKED, STORE_FAILED. */
  openStore(plan: StorePlan, opening: StoreOpening): Promise<Store>;
  /** Whether a store has these files already. */
  markFiles(paths: readonly string[], engine: Engine): Promise<FileMark>;
  /** The server, loaded when it is needed. */
  loadServer(): Promise<typeof import('../server/index.ts')>;
  startRun(options: RunOptions, listeners: Listeners): Run;
  openEve(options: SinkOptions): OpenSink;
  openZeek(options: ZeekOptions): OpenSink;
  listInterfaces(): readonly InterfaceInfo[];
  /** Throws NO_SUCH_INTERFACE. */
  resolveInterface(text: string): InterfaceInfo;
  examine(): readonly Check[];
  /** The safest first. */
  permissionAdvice(name: string): readonly Advice[];
}

const folderOf = ({ user, environment }: Host): string =>
  machine.journalFolder(user.sudo?.home ?? user.home, environment.XDG_STATE_HOME);

export const rooms: Rooms = {
  readJournal: (host) => machine.readJournal(folderOf(host)),
  writeJournal: (host, entry) => machine.writeJournal(folderOf(host), entry),
  openStore: openOwnedStore,
  markFiles: pipeline.markFiles,
  loadServer: () => import('../server/index.ts'),
  startRun: pipeline.startRun,
  openEve: pipeline.eve.open,
  openZeek: pipeline.openZeek,
  listInterfaces: machine.listInterfaces,
  resolveInterface: (text) => machine.resolveInterface(text),
  examine: machine.examine,
  permissionAdvice: (name) => machine.permissionAdvice(name),
};
