// Proves that docs/51-fields.md is what the protocols declare.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fieldsDocument } from './fields-document.ts';

it('docs/51-fields.md is current (npm run docs writes it)', () => {
  expect(readFileSync(new URL('../../../docs/51-fields.md', import.meta.url), 'utf8')).toBe(fieldsDocument());
});
