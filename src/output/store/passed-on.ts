// A store behind another one: everything is passed on but for what is said otherwise.

import type { Store } from './store.ts';

/** The same store, with some of its methods replaced. */
export function passedOn(store: Store, changed: Partial<Store>): Store {
  return {
    dialect: store.dialect,
    select: (...given) => store.select(...given),
    write: (...given) => store.write(...given),
    ...(store.show === undefined ? {} : { show: store.show }),
    info: () => store.info(),
    waiting: () => store.waiting(),
    ...(store.flush === undefined
      ? {}
      : { flush: (timeoutMs: number) => store.flush?.(timeoutMs) ?? Promise.resolve(true) }),
    retain: (...given) => store.retain(...given),
    forget: (...given) => store.forget(...given),
    exportParquet: (...given) => store.exportParquet(...given),
    close: () => store.close(),
    ...changed,
  };
}
