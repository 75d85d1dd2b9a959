// Threat lists for detectors' tests, from their text.

import { ListReader } from '../list-reader.ts';
import type { IntelSource } from '../lists.ts';

export function listed(...lines: string[]): IntelSource {
  const reader = new ListReader();
  reader.begin('bad.txt');
  for (const line of lines) reader.line(line);
  return { lists: reader.end() };
}
