// The store as the program has it, bundled into a folder beside the packages that it needs.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const contents = `
  export { openStoreThread } from './src/app/pipeline/history/index.ts';
  export { flows, storeTables } from './src/output/store/index.ts';
  export { examine, runWriter } from './test/contracts/store-crash.ts';
`;

/** Gone when the process ends. */
export async function loadProgram() {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'history-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const shared = {
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: /** @type {const} */ ('esm'),
    platform: /** @type {const} */ ('node'),
    target: 'node20.19',
    absWorkingDir: root,
    packages: /** @type {const} */ ('external'),
    logLevel: /** @type {const} */ ('warning'),
  };
  await build({ ...shared, stdin: { contents, resolveDir: root, sourcefile: 'program.ts' } });
  await build({
    ...shared,
    entryPoints: {
      store: 'src/app/pipeline/history/store-worker.ts',
      child: 'test/contracts/store-crash-child.ts',
    },
  });
  const url = (/** @type {string} */ name) => pathToFileURL(join(folder, `${name}.mjs`));
  const program = await import(url('stdin').href);
  return { program, workerUrl: url('store'), childUrl: url('child') };
}
