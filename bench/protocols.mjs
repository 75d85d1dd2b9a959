#!/usr/bin/env node
// What each protocol costs per message, from conversations of the corpus: `node bench/protocols.mjs [--captures N] [--ms N]`.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({ options: { captures: text, ms: text } });

const outdir = join(root, 'scratch', 'costs');
buildSync({
  entryPoints: ['cost', 'seeds'].map((name) => join(root, 'test', 'fuzz', `${name}.ts`)),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const load = (/** @type {string} */ name) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
const { costs } = await load('cost');
const { collectSeeds } = await load('seeds');

const rows = costs(await collectSeeds(Number(values.captures ?? 3000)), Number(values.ms ?? 200));
console.log('| Protocol | Conversations | Messages | Bytes a message | µs a message | µs a conversation |');
console.log('|---|---|---|---|---|---|');
for (const { protocol, conversations, messages, bytesPerMessage, usPerMessage, usPerConversation } of rows) {
  const cells = [
    protocol,
    conversations,
    messages,
    bytesPerMessage.toFixed(0),
    usPerMessage.toFixed(1),
    usPerConversation.toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
