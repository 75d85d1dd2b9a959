// Writes the pages of docs/ that are made from the program itself: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundles a module of src and imports it; the bundle lies inside the project, where packages are found. */
function load(path) {
  const outfile = join(root, 'scratch', 'docs', path.replace(/\.ts$/, '.mjs'));
  const entryPoints = [join(root, 'src', path)];
  buildSync({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return import(pathToFileURL(outfile).href);
}

const { optionsDocument } = await load('app/cli/options/document.ts');
const { fieldsDocument } = await load('app/pipeline/fields-document.ts');
const { detectorsDocument } = await load('app/pipeline/detectors-document.ts');
const pages = [
  ['30-options.md', optionsDocument()],
  ['51-fields.md', fieldsDocument()],
  ['58-detectors.md', detectorsDocument()],
];

for (const [name, text] of pages) {
  writeFileSync(join(root, 'docs', name), text);
  console.error(`wrote docs/${name}`);
}
