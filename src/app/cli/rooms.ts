// What the commands need of the other rooms, as one value, so that tests can play them without a network.

import type { Engine, Store, Table } from '../../output/store/index.ts';
import type { Advice, Check, InterfaceInfo, JournalEntry } from '../machine/index.ts';
import * as machine from '../machine/index.ts';
import type {
  Doors,
  FileMark,
  Listeners,
  OpenSink,
  Reading,
  Run,
  RunOptions,
  SinkOptions,
  StoreOpening,
  StorePlan,
  TemporaryStore,
  ZeekOptions,
} from '../pipeline/index.ts';
import * as pipeline from '../pipeline/index.ts';
import { socketPath } from '../server/remote/socket-path.ts';
import type { Host } from './host.ts';
import { openOwnedStore } from './owned-store.ts';

export interface Rooms {
  /** Alerts of past runs, newest run first. */
  readJournal(host: Host): readonly JournalEntry[];
  /** Keeps the alerts of a run. Throws WRITE_FAILED. */
  writeJournal(host: Host, entry: JournalEntry): void;
  /** Opens a store for writing. Throws STORE_LOCKED, STORE_FAILED. */
  openStore(plan: StorePlan, opening: StoreOpening): Promise<Store>;
  /** Opens a store for questions. Throws NO_SUCH_STORE, STORE_LOCKED, STORE_FAILED. */
  openReading(place: string): Promise<Reading>;
  /** An empty store in memory. */
  openTemporary(tables: readonly Table[]): Promise<TemporaryStore>;
  /** Whether a store has these files already. */
  markFiles(paths: readonly string[], engine: Engine): Promise<FileMark>;
  /** The server, loaded when it is needed. */
  loadServer(): Promise<typeof import('../server/index.ts')>;
  /** What screens look at, and the screen of the terminal: loaded when they are needed. */
  loadScenes(): Promise<typeof import('../scenes/index.ts')>;
  loadScreen(): Promise<typeof import('../../screens/tui/index.ts')>;
  /** A copy of Node that may capture where this one may not; null: there is none. */
  ableNode(): Promise<string | null>;
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

/** Ways to stores that others own. */
const doors: Doors = {
  openFolder: pipeline.openFolderForReading,
  openServer: pipeline.openServerForReading,
  socketOf: socketPath,
  // Loaded here, so that no other command waits for the server's packages.
  askOwner: async (socket) => (await import('../server/remote/remote-history.ts')).openRemoteHistory(socket),
};

export const rooms: Rooms = {
  readJournal: (host) => machine.readJournal(folderOf(host)),
  writeJournal: (host, entry) => machine.writeJournal(folderOf(host), entry),
  openStore: openOwnedStore,
  openReading: (place) => pipeline.openReading(place, doors),
  openTemporary: pipeline.openTemporary,
  markFiles: pipeline.markFiles,
  loadServer: () => import('../server/index.ts'),
  loadScenes: () => import('../scenes/index.ts'),
  loadScreen: () => import('../../screens/tui/index.ts'),
  ableNode: () => machine.ableNode(),
  startRun: pipeline.startRun,
  openEve: pipeline.eve.open,
  openZeek: pipeline.openZeek,
  listInterfaces: machine.listInterfaces,
  resolveInterface: (text) => machine.resolveInterface(text),
  examine: machine.examine,
  permissionAdvice: (name) => machine.permissionAdvice(name),
};
