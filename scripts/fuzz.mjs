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
const before = process.memoryUsage().rss;
const from = performance.now();
const result = fuzz(seeds, messages, Infinity, Number(values.seed ?? 1));
const sec = (performance.now() - from) / 1000;
const mib = (/** @type {number} */ bytes) => (bytes / 1048576).toFixed(0);
console.log(
  `${result.messages} messages in ${sec.toFixed(0)} s, slowest conversation ${result.slowestMs.toFixed(2)} ms (${result.slowestProtocol}), memory ${mib(before)} -> ${mib(process.memoryUsage().rss)} MiB, ${result.findings.length} findings`,
);
for (const { protocol, what, steps } of result.findings) console.log(`${protocol}: ${what}\n  ${steps.slice(0, 2000)}`);
process.exitCode = result.findings.length > 0 ? 1 : 0;
