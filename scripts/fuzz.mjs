// Damages messages of the corpus and feeds them to every protocol: `npm run fuzz -- [--messages N] [--seed N] [--captures N]`.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({ options: { messages: text, seed: text, captures: text } });
const messages = Number(values.messages ?? 10_000_000);

const outdir = join(root, 'scratch', 'fuzz');
const entryPoints = ['fuzz', 'seeds'].map((name) => join(root, 'test', 'fuzz', `${name}.ts`));
buildSync({
  entryPoints,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});
const load = (/** @type {string} */ name) => import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
const { fuzz } = await load('fuzz');
const { collectSeeds } = await load('seeds');

const seeds = await collectSeeds(Number(values.captures ?? 3000));
const counts = [...seeds].map(([name, list]) => [name, list.length]).filter(([, count]) => count > 0);
console.error(`${counts.length} protocols, ${counts.reduce((sum, [, n]) => sum + n, 0)} conversations to start from`);
const heapMib = () => {
  // With --expose-gc (as `npm run fuzz` has it) only what is still held is counted.
  globalThis.gc?.();
  return (process.memoryUsage().heapUsed / 1048576).toFixed(0);
};
const from = performance.now();
const rounds = 10;
const findings = [];
const heaps = [];
let given = 0;
let slowest = { slowestMs: 0, slowestProtocol: '' };
for (let round = 0; round < rounds; round++) {
  const result = fuzz(seeds, messages / rounds, Infinity, Number(values.seed ?? 1) * 1000 + round);
  given += result.messages;
  findings.push(...result.findings);
  if (result.slowestMs > slowest.slowestMs) slowest = result;
  heaps.push(heapMib());
}
const sec = ((performance.now() - from) / 1000).toFixed(0);
const { slowestMs, slowestProtocol } = slowest;
console.log(`${given} messages in ${sec} s, slowest conversation ${slowestMs.toFixed(2)} ms (${slowestProtocol})`);
console.log(`heap after each tenth: ${heaps.join(' ')} MiB; ${findings.length} findings`);
for (const { protocol, what, steps } of findings) console.log(`${protocol}: ${what}\n  ${steps.slice(0, 2000)}`);
process.exitCode = findings.length > 0 ? 1 : 0;
