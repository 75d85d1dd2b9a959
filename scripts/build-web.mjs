// Bundles the dashboard into dist/web: hashed names, one stylesheet, a page without inline code, everything compressed
// beforehand, and the licences of what is inside.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { directImports } from './direct-imports.mjs';
import { licences } from './licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', 'web');
const entryPoint = 'src/screens/web/index.ts';

const sources = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
};

/** Colours are declared in `screens/present`; the stylesheet gets them as variables. */
async function colours() {
  const { outputFiles } = await build({
    ...sources,
    entryPoints: ['src/screens/web/look/colours.ts'],
    write: false,
    platform: 'neutral',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).colourSheet();
}

const colourSheet = {
  name: 'colours',
  setup(esbuild) {
    esbuild.onResolve({ filter: /colours\.css$/ }, () => ({ path: 'colours.css', namespace: 'colours' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'colours' }, async () => ({ contents: await colours(), loader: 'css' }));
  },
};

/** Rooms of words and formats do nothing when they are loaded, so what is not used of them is left out. */
const leaveOutUnused = {
  name: 'leave-out-unused',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const full = join(resolveDir, path);
      return /src[\\/](core|screens[\\/](present|api))[\\/]/.test(full) && existsSync(full)
        ? { path: full, sideEffects: false }
        : undefined;
    });
  },
};

/** The page: what it needs at once is named, so that nothing waits for something else to be read first. */
function page(outputs, icon) {
  const name = (path) => path.replace(/^dist\/web\//, '');
  const [entry, made] = Object.entries(outputs).find(
    ([path, each]) => each.entryPoint === entryPoint && path.endsWith('.js'),
  );
  const needed = new Set();
  const visit = (path) => {
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind !== 'import-statement' || needed.has(next)) continue;
      needed.add(next);
      visit(next);
    }
  };
  visit(entry);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="referrer" content="no-referrer">
<title>Taplight</title>
<link rel="icon" href="/${icon}" type="image/svg+xml">
<link rel="stylesheet" href="/${name(made.cssBundle)}">
${[...needed].map((path) => `<link rel="modulepreload" href="/${name(path)}">\n`).join('')}<script type="module" src="/${name(entry)}"></script>
</head>
<body>
<div id="app"></div>
<noscript>The dashboard needs JavaScript. Everything it shows is also at /api/v1, and in the terminal: taplight -i IFACE.</noscript>
</body>
</html>
`;
}

/** Beside each file the same in brotli and gzip, so that serving costs nothing. */
function compress() {
  for (const name of readdirSync(out)) {
    const bytes = readFileSync(join(out, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

/** What `taplight report` puts into its page: one script and one stylesheet. */
async function buildReport() {
  await build({
    ...sources,
    entryPoints: { report: 'src/screens/web/report/index.tsx' },
    outdir: 'dist/report',
    format: 'iife',
    minify: true,
    platform: 'browser',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [colourSheet, leaveOutUnused, directImports],
  });
}

export async function buildWeb() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { metafile } = await build({
    ...sources,
    entryPoints: { index: entryPoint },
    outdir: 'dist/web',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    splitting: true,
    minify: true,
    platform: 'browser',
    legalComments: 'none',
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [colourSheet, leaveOutUnused, directImports],
  });
  const icon = readFileSync(join(root, 'src/screens/web/look/icon.svg'));
  const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
  writeFileSync(join(out, iconName), icon);
  writeFileSync(join(out, 'LICENSES.txt'), licences(root, metafile.inputs, 'The dashboard of Taplight'));
  writeFileSync(join(out, 'index.html'), page(metafile.outputs, iconName));
  compress();
  await buildReport();
}
