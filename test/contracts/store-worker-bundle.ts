// The store's thread as the program's bundle has it, built for tests.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a file of this repository beside the packages that it needs; taken away when the process ends. */
export async function bundled(path: string): Promise<URL> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'taplight-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'bundle.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    logLevel: 'warning',
  });
  return pathToFileURL(outfile);
}

let url: Promise<URL> | undefined;

export function storeWorkerUrl(): Promise<URL> {
  url ??= bundled('src/app/pipeline/history/store-worker.ts');
  return url;
}
