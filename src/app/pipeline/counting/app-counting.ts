// Flows under the name of what they speak.

import * as row from '../../../analysis/flows/flow-row.ts';
import type { FlowTable } from '../../../analysis/flows/index.ts';
import type { AppCounts } from '../../../analysis/stats/index.ts';
import { nameBits } from '../../../analysis/talks/index.ts';

/** Adds a row's flow to the counts by name. `names` is its name word. */
export function countApp({ words: w, doubles: d }: FlowTable, r: number, names: number, apps: AppCounts): void {
  const o = r * row.ROW_WORDS;
  const q = r * row.ROW_DOUBLES;
  const packets = (w[o + row.W_PACKETS] >>> 0) + (w[o + row.W_PACKETS + 1] >>> 0);
  const isFirst = w[o + row.W_IFACE] >>> 16 === 0;
  const name = names & ((1 << nameBits) - 1);
  apps.add(name, isFirst ? 1 : 0, packets, d[q + row.D_BYTES] + d[q + row.D_BYTES + 1]);
}
