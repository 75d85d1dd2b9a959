// Proves that docs/58-detectors.md says what the detectors declare.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { detectorsDocument } from './detectors-document.ts';

it('docs/58-detectors.md is current (npm run docs writes it)', () => {
  const page = readFileSync(new URL('../../../docs/58-detectors.md', import.meta.url), 'utf8');
  expect(page).toBe(detectorsDocument());
});
