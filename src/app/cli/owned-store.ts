// A store that this process owns: others may ask it through the socket in its folder.

import { join } from 'node:path';
import { Failure } from '../../core/index.ts';
import { openHistory, passedOn, type Store } from '../../output/store/index.ts';
import { isServer, keptTables, openStore, packetSource, type StoreOpening, type StorePlan } from '../pipeline/index.ts';

/** Who imports files is soon done, and needs no server until then. */
const waitMs = { live: 250, files: 1500 } as const;

/** Opens a store for writing and answers others for as long as it is open. Throws what opening fails with. */
export async function openOwnedStore(plan: StorePlan, opening: StoreOpening): Promise<Store> {
  const store = await openStore(plan, opening);
  // A server far away answers everybody itself.
  return isServer(plan.place) ? store : answered(store, plan, opening);
}

function answered(store: Store, plan: StorePlan, opening: StoreOpening): Store {
  let socket: Promise<{ close(): Promise<void> } | null> = Promise.resolve(null);
  const timer = setTimeout(
    () => {
      socket = answer(store, plan, opening);
    },
    opening.waits ? waitMs.files : waitMs.live,
  );
  timer.unref();
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    await (await socket)?.close();
    await store.close();
  };
  return passedOn(store, { close });
}

async function answer(
  store: Store,
  { place, program }: StorePlan,
  { alertStateSet }: StoreOpening,
): Promise<{ close(): Promise<void> } | null> {
  const server = await import('../server/index.ts');
  const tables = keptTables();
  try {
    const history = openHistory(store, tables);
    return await server.serveSocket(place, {
      version: program,
      source: { kind: 'store', names: [] },
      tables,
      ...server.nothingLive,
      history,
      store: server.ownedStore(Promise.resolve(store), tables),
      filters: server.filterLanguage(tables),
      packets: packetSource(join(place, 'packets'), history),
      ...(alertStateSet === undefined ? {} : { alertStateSet }),
    });
  } catch (error) {
    // A folder where there can be no socket still keeps what it is given; others are told who owns it.
    if (error instanceof Failure && error.code === 'SERVE_FAILED') return null;
    throw error;
  }
}
