// Proves that each room introduces itself: the first sentence of its index.ts is the one in ARCHITECTURE.md's table 'Rooms'.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, tableBelow, textOf } from './source-files.ts';

const rooms = tableBelow(textOf('ARCHITECTURE.md'), 'Rooms').filter(([name]) => name !== 'main.ts');

/** First sentence of the doc comment that a file begins with; null when it begins otherwise. */
function caption(source: string): string | null {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1];
  if (comment === undefined) return null;
  const text = comment.replace(/^\s*\* {0,1}/gm, '').replace(/\s+/g, ' ');
  return /^(.*?\.)(?:\s|$)/.exec(text.trim())?.[1] ?? null;
}

describe('captions', () => {
  it('lists rooms', () => expect(rooms.length).toBeGreaterThan(5));

  it.each(rooms)('%s says what ARCHITECTURE.md says', (name, wanted) => {
    const path = `src/${name}/index.ts`;
    expect(existsSync(join(projectRoot, path)), `${path} is missing`).toBe(true);
    const text = caption(textOf(path));
    expect(text?.replaceAll('`', '')).toBe(wanted);
  });
});
