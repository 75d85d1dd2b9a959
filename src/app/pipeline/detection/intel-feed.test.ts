// Proves that lists are there before the first packet, are exchanged when a file changes, and survive one that is broken.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IntelFeed } from './intel-feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'intel-feed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('threat lists while running', () => {
  it('are exchanged as a whole', () => {
    let now = 0;
    const path = join(folder, 'list.txt');
    writeFileSync(path, 'evil.example\n');
    const feed = new IntelFeed([path], () => now);
    const has = (name: string): boolean => feed.source.lists.domain(name) !== null;
    expect([has('evil.example'), has('worse.example')]).toEqual([true, false]);
    writeFileSync(path, 'worse.example\n192.0.2.0/24\n');
    feed.look();
    expect(has('worse.example')).toBe(false);
    now = 10_000;
    for (let i = 0; i < 5; i++) feed.look();
    expect([has('evil.example'), has('worse.example'), feed.reloads]).toEqual([false, true, 1]);
    writeFileSync(path, '');
    now = 20_000;
    for (let i = 0; i < 5; i++) feed.look();
    expect(has('worse.example')).toBe(true);
  });

  it('refuse what is no list, and take none at all', () => {
    const path = join(folder, 'none.txt');
    writeFileSync(path, 'hello\nworld\n');
    expect(() => new IntelFeed([path])).toThrow('holds no address');
    const feed = new IntelFeed([]);
    feed.look();
    expect(feed.source.lists.size).toBe(0);
  });
});
