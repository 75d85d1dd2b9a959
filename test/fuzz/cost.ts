// What each protocol costs per message: its conversations from captures, undamaged, again and again.

import { converse } from '../../src/analysis/protocols/golden/converse.ts';
import { type Protocol, protocols } from '../../src/analysis/protocols/index.ts';
import { registryFor } from './fuzz.ts';
import type { Seed } from './seeds.ts';

export interface Cost {
  readonly protocol: string;
  readonly conversations: number;
  readonly messages: number;
  readonly bytesPerMessage: number;
  readonly usPerMessage: number;
  readonly usPerConversation: number;
}

/** Of each protocol that has conversations, dearest first. @param ms how long each is measured, after as long a warm-up */
export function costs(seeds: ReadonlyMap<string, readonly Seed[]>, ms: number): Cost[] {
  const rows: Cost[] = [];
  for (const protocol of protocols) {
    const list = (seeds.get(protocol.name) ?? []).filter(({ steps }) => steps.length > 0);
    if (list.length === 0) continue;
    repeat(protocol, list, ms);
    const { rounds, tookMs } = repeat(protocol, list, ms);
    const messages = list.reduce((sum, { steps }) => sum + steps.length, 0);
    const bytes = list.reduce((sum, { steps }) => sum + steps.reduce((total, step) => total + step.bytes.length, 0), 0);
    rows.push({
      protocol: protocol.name,
      conversations: list.length,
      messages,
      bytesPerMessage: bytes / messages,
      usPerMessage: (tookMs * 1000) / (rounds * messages),
      usPerConversation: (tookMs * 1000) / (rounds * list.length),
    });
  }
  return rows.sort((a, b) => b.usPerMessage - a.usPerMessage);
}

function repeat(protocol: Protocol, list: readonly Seed[], ms: number): { rounds: number; tookMs: number } {
  const registry = registryFor(protocol);
  const from = performance.now();
  let rounds = 0;
  do {
    for (const { steps, proto, rPort } of list) converse(registry, steps, { proto, rPort, open: true });
    rounds++;
  } while (performance.now() - from < ms);
  return { rounds, tookMs: performance.now() - from };
}
