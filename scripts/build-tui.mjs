// Ink and React as one file of their own, in production mode: it is loaded when a screen is opened, and never before.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licences } from './licences.mjs';

/** The only file that imports them. */
const parts = 'src/screens/tui/terminal/ink-parts.ts';

/** For the program's own bundles: what they take from Ink is in `ink.js` beside them. */
export const inkApart = {
  name: 'ink-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/ink-parts\.ts$/ }, () => ({ path: './ink.js', external: true }));
  },
};

/** React's inspector is not installed, and not wanted. */
const noDevtools = {
  name: 'no-devtools',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

export async function buildTui(root) {
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: { ink: parts },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Some of its packages are CommonJS and ask for node's modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [noDevtools],
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(root, 'dist', 'ink-LICENSES.txt'), licences(root, metafile.inputs, 'The screen of Taplight'));
}
