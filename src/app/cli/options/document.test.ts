// Proves that docs/30-options.md and the help texts say what the table of options says.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionsDocument } from './document.ts';
import { longHelp, shortHelp } from './help.ts';
import { commandNames, longFlag, optionRows } from './table.ts';

const shown = optionRows.map(([, spec]) => longFlag(spec));

describe('docs/30-options.md', () => {
  it('is current (npm run docs writes it)', () => {
    const page = readFileSync(new URL('../../../../docs/30-options.md', import.meta.url), 'utf8');
    expect(page).toBe(optionsDocument());
  });
});

describe('help', () => {
  it('names every option once in the long text', () => {
    const text = commandNames.map((command) => longHelp(command)).join('');
    for (const name of shown) expect(text.split(new RegExp(`${name}(?![a-z-])`)).length, name).toBeGreaterThan(1);
  });

  it('is a screenful in short, and fits 100 columns in both', () => {
    expect(shortHelp('capture').split('\n').length).toBeLessThanOrEqual(24);
    for (const line of `${shortHelp('capture')}${longHelp('capture')}`.split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(100);
    }
  });

  it('shows other commands only what they know', () => {
    expect(shortHelp('doctor')).toContain('--json');
    expect(longHelp('interfaces')).not.toContain('--threshold');
  });
});
