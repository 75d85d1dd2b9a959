// The moment in one sentence, or what is waited for.

import { counted, formatBytes } from '../../../present/index.ts';
import type { Known } from '../../frame/view.ts';
import { waiting } from '../parts/empty.ts';

export function momentWords(known: Known): string {
  const { snapshot } = known;
  if (snapshot === null || snapshot.packets === 0) return waiting(known)[0];
  return `${counted(snapshot.flows.total, 'flow')}, ${formatBytes(snapshot.bytes)} in ${counted(snapshot.packets, 'packet')}.`;
}
