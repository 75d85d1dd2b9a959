// Proves that lists are read whole however lines fall into chunks, that changes are noticed, and that bad paths say why.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Failure } from '../../core/index.ts';
import { IntelFiles } from './intel-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'intel-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** What a sink was told. */
function listen(): { readonly told: string[]; begin(name: string): void; line(text: string): void } {
  const told: string[] = [];
  return { told, begin: (name) => told.push(`[${name}]`), line: (text) => told.push(text) };
}

describe('lists from files', () => {
  it('are read in order, the last line too', () => {
    const sink = listen();
    new IntelFiles([fileOf('a.txt', 'one\ntwo\r\nthree'), fileOf('b.txt', ''), fileOf('c.txt', 'x\n')]).readAll(sink);
    expect(sink.told).toEqual(['[a.txt]', 'one', 'two\r', 'three', '[b.txt]', '[c.txt]', 'x']);
  });

  it('are read in steps, and no line breaks between them', () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `192.0.2.${i}`);
    const sink = listen();
    const step = new IntelFiles([fileOf('large.txt', lines.join('\n'))]).reading(sink);
    let steps = 1;
    while (!step()) steps++;
    expect(steps).toBeGreaterThan(2);
    expect(sink.told.slice(1)).toEqual(lines);
  });

  it('keeps no line without an end', () => {
    const sink = listen();
    new IntelFiles([fileOf('endless.txt', 'x'.repeat(3 << 20))]).readAll(sink);
    expect(sink.told[1].length).toBeLessThan(1 << 17);
  });

  it('are told when they have changed, looked at every five seconds', () => {
    let now = 0;
    const path = fileOf('changing.txt', 'a\n');
    const files = new IntelFiles([path], () => now);
    files.readAll(listen());
    now = 6000;
    expect(files.hasChanged()).toBe(false);
    writeFileSync(path, 'a\nb\n');
    expect(files.hasChanged()).toBe(false);
    now = 12_000;
    expect(files.hasChanged()).toBe(true);
    const sink = listen();
    files.readAll(sink);
    expect(sink.told).toEqual(['[changing.txt]', 'a', 'b']);
    now = 18_000;
    expect(files.hasChanged()).toBe(false);
    rmSync(path);
    now = 24_000;
    expect(files.hasChanged()).toBe(false);
  });

  it('say what is wrong with a path', () => {
    const failure = (path: string): string => {
      try {
        new IntelFiles([path]).readAll(listen());
      } catch (error) {
        if (error instanceof Failure) return error.code;
      }
      return '';
    };
    expect([failure(join(folder, 'none')), failure(folder)]).toEqual(['NO_SUCH_FILE', 'FILE_UNREADABLE']);
  });
});
