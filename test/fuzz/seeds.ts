// Conversations to start from: what each protocol was given in captures of the corpus, and what the tests make up.

import { type Protocol, protocols, type Side } from '../../src/analysis/protocols/index.ts';
import { analyse } from '../corpus/analyse.ts';
import { hasCorpus, readManifest } from '../corpus/captures.ts';

export interface SeedStep {
  readonly side: Side;
  readonly bytes: Uint8Array;
}

/** One conversation of a protocol. */
export interface Seed {
  readonly protocol: Protocol;
  readonly proto: 6 | 17;
  readonly rPort: number;
  readonly steps: SeedStep[];
}

const seedsPerProtocol = 60;
const stepsPerSeed = 12;
const bytesPerStep = 4096;

/** Reads captures until each protocol has enough conversations, or there are no more. */
export async function collectSeeds(captures: number): Promise<Map<string, Seed[]>> {
  const talking = protocols.filter(({ open }) => open !== undefined);
  const seeds = new Map<string, Seed[]>(talking.map(({ name }) => [name, []]));
  const restore = talking.map((protocol) => record(protocol, seeds.get(protocol.name) ?? []));
  try {
    if (hasCorpus) {
      const small = readManifest().filter(
        ({ packets, format }) => format !== null && (packets ?? 0) > 0 && (packets ?? 0) < 5000,
      );
      const step = Math.max(1, Math.floor(small.length / captures));
      for (let i = 0; i < small.length; i += step) {
        // What cannot be opened is a matter of other tests.
        await analyse(small[i].path, small[i].packets ?? 0).catch(() => null);
      }
    }
  } finally {
    for (const undo of restore) undo();
  }
  for (const protocol of talking) {
    const list = seeds.get(protocol.name) ?? [];
    if (list.length === 0) list.push(...madeUp(protocol));
  }
  return seeds;
}

/** Makes a protocol note what its talks are given; gives what undoes it. */
function record(protocol: Protocol, list: Seed[]): () => void {
  const { open } = protocol;
  if (open === undefined) return () => {};
  // The registry is constant to the program; here its entries are lent an ear.
  const entry = protocol as { open: NonNullable<Protocol['open']> };
  entry.open = (conversation) => {
    const talk = open(conversation);
    if (list.length >= seedsPerProtocol) return talk;
    const seed: Seed = {
      protocol,
      proto: conversation.proto === 6 ? 6 : 17,
      rPort: conversation.rPort,
      steps: [],
    };
    list.push(seed);
    return {
      ...(talk.gap === undefined ? {} : { gap: (side, missing) => talk.gap?.(side, missing) }),
      ...(talk.end === undefined ? {} : { end: () => talk.end?.() }),
      data: (side, bytes, at, end) => {
        if (seed.steps.length < stepsPerSeed) {
          seed.steps.push({ side, bytes: bytes.slice(at, Math.min(end, at + bytesPerStep)) });
        }
        return talk.data(side, bytes, at, end);
      },
    };
  };
  return () => {
    entry.open = open;
  };
}

/** Without captures: zeros, text and counting bytes still reach the first decisions. */
function madeUp(protocol: Protocol): Seed[] {
  const shapes = [
    new Uint8Array(64),
    Uint8Array.from({ length: 200 }, (_, i) => i & 255),
    new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'),
  ];
  const proto = protocol.ports?.tcp === undefined && protocol.ports?.udp !== undefined ? 17 : 6;
  return shapes.map((bytes) => ({
    protocol,
    proto,
    rPort: 9999,
    steps: [
      { side: 0, bytes },
      { side: 1, bytes },
    ],
  }));
}
