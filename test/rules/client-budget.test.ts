// Proves that the dashboard stays light: what the first view needs, and all of it, in bytes as they are sent.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, projectRoot } from './source-files.ts';

const folder = join(projectRoot, 'dist', 'web');

/** Gzip is the larger of the two ways in which files are sent. */
const sizes = new Map<string, number>();
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Scripts that a script imports at once, itself among them; what is loaded later is left out. */
function closure(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, , next] of textOf(name).matchAll(/(?:from|import)\s*(["'])\.\/([\w-]+\.js)\1/g)) closure(next, found);
  return found;
}

const sum = (names: Iterable<string>): number => [...names].reduce((all, name) => all + (sizes.get(name) ?? 0), 0);
const scripts = (): string[] => [...sizes.keys()].filter((name) => name.endsWith('.js'));

describe('the dashboard', () => {
  beforeAll(async () => {
    if (!existsSync(join(folder, 'index.html'))) {
      execFileSync(process.execPath, [join(projectRoot, 'scripts', 'build.mjs')]);
    }
    for (const name of readdirSync(folder)) {
      if (/\.(js|css|html|svg)$/.test(name))
        sizes.set(name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length);
    }
  }, 60_000);

  it('needs 60 kB of scripts for the first view at the most', () => {
    const entry = /<script type="module" src="\/([^"]+)"/.exec(textOf('index.html'))?.[1] ?? '';
    const overview = scripts().find((name) => name.startsWith('overview-')) ?? '';
    const first = closure(overview, closure(entry));
    expect(first.size).toBeGreaterThan(2);
    expect(sum(first)).toBeLessThanOrEqual(60_000);
  });

  it('needs 8 kB of styles at the most, in one file', () => {
    const styles = [...sizes.keys()].filter((name) => name.endsWith('.css'));
    expect(styles.length).toBe(1);
    expect(sum(styles)).toBeLessThanOrEqual(8_000);
  });

  it('is 160 kB of scripts in all at the most', () => {
    expect(sum(scripts())).toBeLessThanOrEqual(160_000);
  });

  it('has no code or style inside the page, and asks no other server for anything', () => {
    const page = textOf('index.html');
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
    expect(page).not.toMatch(/(src|href)="(?!\/)/);
    for (const name of [...sizes.keys()].filter((each) => each.endsWith('.css')))
      expect(textOf(name)).not.toMatch(/url\(/);
  });

  it('has every file beside itself in both compressed forms, and the licences of what is inside', () => {
    const names = readdirSync(folder).filter((name) => !/\.(br|gz)$/.test(name));
    for (const name of names) {
      expect(existsSync(join(folder, `${name}.br`)), name).toBe(true);
      expect(existsSync(join(folder, `${name}.gz`)), name).toBe(true);
    }
    expect(textOf('LICENSES.txt')).toMatch(/preact \d/);
    expect(textOf('LICENSES.txt')).toMatch(/uplot \d/);
  });

  it('never makes a page out of text', () => {
    const sources = filesBelow('src/screens/web').filter((path) => /\.tsx?$/.test(path));
    const found = sources.filter((path) => {
      const source = readFileSync(join(projectRoot, path), 'utf8');
      return /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|new Function|\beval\(/.test(source);
    });
    expect(found).toEqual([]);
  });
});
