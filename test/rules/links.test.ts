// Proves that the documents' links lead somewhere: every relative link names a file of the project and a heading in it.
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, textOf, trackedFiles } from './source-files.ts';

const pages = trackedFiles().filter((path) => path.endsWith('.md'));

/** The name under which a heading can be linked to, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map((match) => anchor(match[1]));
}

describe('links', () => {
  it('lead to files and headings that exist', () => {
    expect(pages.length).toBeGreaterThan(8);
    const broken: string[] = [];
    for (const page of pages) {
      const text = textOf(page).replace(/```[\s\S]*?```|<!--[\s\S]*?-->/g, '');
      for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        const [file, heading] = link.split('#');
        const target = file === '' ? page : posix.join(dirname(page), file);
        if (!existsSync(join(projectRoot, target))) broken.push(`${page}: ${link}`);
        else if (heading !== undefined && !anchorsOf(target).includes(heading)) broken.push(`${page}: ${link}`);
      }
    }
    expect(broken).toEqual([]);
  });
});
