// Writes the pages of docs/ that are made from the program itself. Run it through `npm run docs`, which builds first.
import { writeFileSync } from 'node:fs';
import { optionsDocument } from '../dist/app/cli/options/document.js';

const pages = [['30-options.md', optionsDocument()]];

for (const [name, text] of pages) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
  console.error(`wrote docs/${name}`);
}
