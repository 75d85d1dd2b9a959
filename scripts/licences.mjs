// What packages that went into a bundle ask to be passed on with it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param inputs of esbuild's metafile; paths are relative to `root` */
export function licences(root, inputs, title) {
  const paths = Object.keys(inputs).map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const folders = [...new Set(paths.filter((path) => path !== undefined))].sort();
  const texts = folders.map((folder) => {
    const { name, version, license, author } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    if (license === undefined) throw new Error(`${name} does not say under which licence it comes`);
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const who = author?.name ?? author ?? name;
    const text =
      file === undefined ? `By ${who}; no text comes with it.` : readFileSync(join(root, folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return `${title} contains:\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}
