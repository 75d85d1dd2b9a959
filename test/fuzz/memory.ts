// How much memory a talk comes to keep: its conversations from captures again and again, slightly changed, as one flow.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { protocols } from '../../src/analysis/protocols/index.ts';
import { FlowTalk, Probing } from '../../src/analysis/talks/index.ts';
import type { TalkHost } from '../../src/analysis/talks/talk-host.ts';
import { nodeCrypto } from '../../src/app/machine/node-crypto.ts';
import { noKeys } from '../../src/core/index.ts';
import { createRandom } from './mutate.ts';
import type { Seed } from './seeds.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are held now. */
export function heldBytes(): number {
  // Memory of arrays is given back behind the collector: the second waits for what the first let go.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const probing = new Probing(protocols);

/** Opens a flow of a conversation that tells nobody. */
function flowOf(seed: Seed): FlowTalk {
  const host: TalkHost = {
    probing,
    crypto: nodeCrypto,
    keys: noKeys,
    store: new Map(),
    budget: { take: () => true, give: () => {} },
    emitted: () => {},
    shown: () => {},
    weird: () => {},
    expected: () => {},
    threw: () => {},
    bounded: () => {},
  };
  const talk = new FlowTalk(host, {
    flowId: 1,
    proto: seed.proto,
    ipVersion: 4,
    oWords: [0x7f000001, 0, 0, 0],
    rWords: [0x7f000002, 0, 0, 0],
    oPort: 40_000,
    rPort: seed.rPort,
    iface: 0,
    vlanOuter: -1,
    vlanInner: -1,
  });
  talk.open(seed.protocol.name, 'pattern');
  return talk;
}

/**
 * Bytes that a talk keeps more after `messages` than after a third of them; a talk that ends is begun anew, as what one
 * flow keeps is asked for. Numbers among the first bytes are changed: what is told apart by them is many things then.
 */
export function growthOf(seed: Seed, messages: number): number {
  const random = createRandom(11);
  let talk = flowOf(seed);
  let given = 0;
  const run = (until: number): void => {
    while (given < until) {
      for (const { side, bytes } of seed.steps) {
        if (talk.isOver) talk = flowOf(seed);
        talk.timeUs += 1000;
        talk.packet = ++given;
        const changed = given > seed.steps.length ? bytes.slice() : bytes;
        for (let n = 0; n < 2 && changed.length > 0 && changed !== bytes; n++) {
          changed[Math.floor(random() * Math.min(48, changed.length))] = Math.floor(random() * 256);
        }
        if (seed.proto === 17) talk.datagram(side, changed, 0, changed.length, changed.length);
        else talk.stream(side, changed, 0, changed.length);
      }
    }
  };
  run(messages / 3);
  const before = heldBytes();
  run(messages);
  const growth = heldBytes() - before;
  talk.finish();
  return growth;
}
