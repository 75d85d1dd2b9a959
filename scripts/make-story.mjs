#!/usr/bin/env node
// Makes the capture of `taplight demo`, assets/story.pcapng or the file named: the same bytes on every machine, all of it
// made up.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../bench/make/random.mjs';
import * as everyday from './story/everyday.mjs';
import { Stage } from './story/stage.mjs';
import * as trouble from './story/trouble.mjs';

const { arrival, browsing, call, clocks, printing, shell } = everyday;
const { beacon, guessing, lossyLink, scan, slowServer, tunnel } = trouble;

/** Each scene has random numbers of its own, so that a change of one leaves the others as they are. */
const scenes = [
  arrival,
  clocks,
  printing,
  browsing,
  shell,
  call,
  slowServer,
  scan,
  lossyLink,
  tunnel,
  beacon,
  guessing,
];

const comment = 'The story of `taplight demo`. Everything in it is made up: scripts/make-story.mjs makes it.';

/** type 4 | length 4 | body, padded to four | length 4 (pcapng §3.1) */
function block(type, ...parts) {
  const body = Buffer.concat(parts);
  const bytes = Buffer.alloc(12 + body.length + (-body.length & 3));
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.set(body, 8);
  bytes.writeUInt32LE(bytes.length, bytes.length - 4);
  return bytes;
}

const words = (...values) => Buffer.concat(values.map((value) => Buffer.from(Uint32Array.of(value).buffer)));

function option(code, text) {
  const body = Buffer.from(text);
  const bytes = Buffer.alloc(4 + body.length + (-body.length & 3));
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(body.length, 2);
  bytes.set(body, 4);
  return bytes;
}

/** The whole file. */
function storyBytes() {
  const stage = new Stage();
  for (const [n, scene] of scenes.entries()) scene({ stage, random: createRandom(1000 + n) });
  const packets = stage.inOrder().map(({ us, bytes }) => {
    const time = [Math.floor(us / 2 ** 32), us % 2 ** 32];
    return block(6, words(0, ...time, bytes.length, bytes.length), bytes);
  });
  return Buffer.concat([
    block(0x0a0d0d0a, words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff), option(1, comment), words(0)),
    block(1, words(1, 0), option(2, 'office'), words(0)),
    ...packets,
  ]);
}

const path = process.argv[2] ?? fileURLToPath(new URL('../assets/story.pcapng', import.meta.url));
const bytes = storyBytes();
writeFileSync(path, bytes);
console.error(`wrote the story: ${bytes.length} bytes`);
