// One store for all that a server keeps: opened with the first capture, looked at by everybody, closed with the server.

import { type History, openHistory, type Store, type Table } from '../../../../output/store/index.ts';
import type { StoreOpening, StorePlan } from '../../../pipeline/index.ts';
import type { Rooms } from '../../rooms.ts';

type ServerRoom = Awaited<ReturnType<Rooms['loadServer']>>;

export interface SharedStore {
  /** The store, the same for all who ask; closing it is left to `close`. */
  open(plan: StorePlan, opening: StoreOpening): Promise<Store>;
  readonly history: History;
  readonly owned: ReturnType<ServerRoom['ownedStore']>;
  /** Tells all captures that a person has set the state of an alert. */
  setAlertState(run: number, alertId: string, state: string): void;
  close(): Promise<void>;
}

/** @param already a store that is open; null: it is opened when the first capture is */
export function sharedStore(
  rooms: Rooms,
  server: ServerRoom,
  tables: readonly Table[],
  already: Store | null,
): SharedStore {
  let resolve: (store: Promise<Store>) => void = () => {};
  const store = new Promise<Store>((given) => {
    resolve = given;
  });
  store.catch(() => {}); // whoever asks is told
  let opening: Promise<Store> | null = null;
  const openWith = (opened: Promise<Store>): Promise<Store> => {
    opening = opened;
    resolve(opened);
    return opened;
  };
  if (already !== null) openWith(Promise.resolve(already));
  const told: NonNullable<StoreOpening['alertStateSet']>[] = [];
  const setAlertState: SharedStore['setAlertState'] = (...given) => {
    for (const tell of told) tell(...given);
  };
  return {
    open: (plan, asked) => {
      if (asked.alertStateSet !== undefined) told.push(asked.alertStateSet);
      return opening ?? openWith(rooms.openStore(plan, { ...asked, alertStateSet: setAlertState }));
    },
    history: server.lateHistory(store.then((each) => openHistory(each, tables))),
    owned: server.ownedStore(store, tables),
    setAlertState,
    close: async () => {
      await (await opening?.catch(() => null))?.close();
    },
  };
}
