// Proves that every import keeps the one rule: the table 'Allowed imports' in ARCHITECTURE.md is what is checked.
import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, isTest, resolveImport, tableBelow, textOf } from './source-files.ts';

interface Room {
  readonly name: string;
  /** Rooms, `node:x` modules, or patterns that end in `*`. */
  readonly mayImport: readonly string[];
  /** Packages whose home this is. */
  readonly packages: readonly string[];
}

const words = (cell: string): string[] =>
  cell
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== '—' && word !== 'nothing');

const rooms: Room[] = tableBelow(textOf('ARCHITECTURE.md'), 'Allowed imports').map(([name, mayImport, packages]) => ({
  name,
  mayImport: words(mayImport),
  packages: words(packages),
}));

/** The room of a source file: `src/capture/wire/link/arp.ts` lies in `capture/wire`. */
function roomOf(path: string): Room | undefined {
  const inner = path.replace(/^src\//, '');
  return rooms.find((room) => inner === room.name || inner.startsWith(`${room.name}/`));
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

/** Why this import breaks the rule, or null. */
function objection(path: string, room: Room, specifier: string): string | null {
  const target = resolveImport(path, specifier);
  if (target.kind === 'package') {
    return room.packages.includes(target.name) ? null : `package ${target.name} does not live in ${room.name}`;
  }
  if (target.kind === 'node') {
    return room.mayImport.some((pattern) => matches(pattern, target.name))
      ? null
      : `${room.name} may not use ${target.name}`;
  }
  if (!target.path.startsWith('src/')) {
    // Beside src lie the package's own description, which holds the version, the capture that `demo` plays, and the
    // dashboard as it was built.
    return ['package.json', 'assets/story.pcapng', 'dist/web'].includes(target.path)
      ? null
      : `${target.path} is outside src`;
  }
  const there = roomOf(target.path);
  if (there === undefined) return `${target.path} lies in no room`;
  if (there === room || room.mayImport.some((pattern) => matches(pattern, there.name))) return null;
  return `${room.name} may not import ${there.name}`;
}

const sources = filesBelow('src').filter((path) => /\.tsx?$/.test(path));

describe('imports', () => {
  it('has a table with rooms that exist', () => {
    expect(rooms.length).toBeGreaterThan(5);
    const empty = rooms.filter((room) => !sources.some((path) => roomOf(path) === room)).map((room) => room.name);
    expect(empty, 'rooms in ARCHITECTURE.md without a file').toEqual([]);
  });

  it('keeps the table for every source file', () => {
    const broken: string[] = [];
    for (const path of sources) {
      const room = roomOf(path);
      if (room === undefined) {
        broken.push(`${path}: lies in no room of the table`);
        continue;
      }
      // A test may look into any room: it is not part of the program.
      if (isTest(path)) continue;
      for (const specifier of importsOf(textOf(path))) {
        const why = objection(path, room, specifier);
        if (why !== null) broken.push(`${path}: ${why}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('never imports a test or what only tests use from the program', () => {
    const broken = sources
      .filter((path) => !isTest(path))
      .flatMap((path) => importsOf(textOf(path)).map((specifier) => ({ path, specifier })))
      .filter(({ specifier }) => /\.test\.tsx?$|^(vitest|fast-check)$/.test(specifier));
    expect(broken).toEqual([]);
  });

  it('gives each external package exactly one home', () => {
    const homes = rooms.flatMap((room) => room.packages);
    expect(new Set(homes).size).toBe(homes.length);
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(textOf('package.json'));
    const installed = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
    expect(installed.filter((name) => !homes.includes(name))).toEqual([]);
    // What screens are made of is bundled by the build, so that nobody has to install it.
    const known = [...installed, ...Object.keys(devDependencies)];
    expect(homes.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('sees every way of importing', () => {
    const source = `
      import a from './a.ts'; import type { B } from "./b.ts"; export * from './c.ts'; import './d.ts';
      const e = await import('./e.ts'); const f = require('./f.cjs'); new Worker(new URL('./g.ts', import.meta.url));
      import { h,
        i } from './h.ts';
      // import './not.ts'
      /* import './nor.ts' */ const url = 'http://x'; import './j.ts';`;
    expect(importsOf(source).sort()).toEqual(
      ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.cjs', './g.ts', './h.ts', './j.ts'].sort(),
    );
  });
});
