// What a snapshot says of the packets that are kept.

import type { Finding, Snapshot } from '../../../../core/index.ts';
import type { KeepCounters } from './packet-keeper.ts';

/** Packets that were to be kept, and those that were not because the disk was too slow or full; those of flows that had their share. */
export function keepStages(kept: KeepCounters | null): Snapshot['stages'] {
  if (kept === null) return [];
  return [
    { name: 'packets kept', in: kept.packets + kept.droppedPackets, dropped: kept.droppedPackets },
    { name: 'packets cut off', in: kept.cutPackets, dropped: 0 },
  ];
}

/** What was cut off is as it was asked for; what was dropped is not. */
export function keepFindings(kept: KeepCounters | null): Finding[] {
  if (kept === null) return [];
  const found: Finding[] = [];
  if (kept.failure !== null) {
    found.push({
      code: 'keeping-stopped',
      severity: 'warning',
      text: `No more packets are kept: ${kept.failure}`,
      advice: 'Start again when that is mended. Flows and alerts are not affected.',
    });
  } else if (kept.droppedPackets > 0) {
    found.push({
      code: 'keeping-drops',
      severity: 'warning',
      text: `${kept.droppedPackets} packets were not kept because the disk was slower than the traffic.`,
      advice: 'Give a smaller --keep-per-flow, or a faster disk.',
    });
  }
  return found;
}
