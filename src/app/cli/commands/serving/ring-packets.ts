// Packets that a server keeps of what it captures without being asked to: in a private ring that is gone when it ends.

import { join } from 'node:path';
import { Failure } from '../../../../core/index.ts';
import { type AskedHistory, type KeepPackets, packetSource } from '../../../pipeline/index.ts';
import type { ScenePackets } from '../../../scenes/index.ts';
import type { ReadSettings } from '../../options/index.ts';
import type { PrivateFolder } from './private-folder.ts';

/** Unless --keep-packets says otherwise. */
const ringBytes = 64 << 20;

export interface Ring {
  readonly plan: Omit<KeepPackets, 'run'>;
  readonly kept: NonNullable<ScenePackets['kept']>;
}

/** The ring of one capture; null where none was wanted. */
export function privateRing(
  { settings, origin }: ReadSettings,
  folder: PrivateFolder,
  name: string,
  history: AskedHistory | null,
): Ring | null {
  const bytes = origin.keepPackets === 'built in' ? ringBytes * settings.workers : settings.keepPackets;
  if (bytes === 0) return null;
  const ring = join(folder.path(), `packets-${name}`);
  return {
    plan: { folder: ring, bytes, perFlowBytes: settings.keepPerFlow },
    kept: packetSource(ring, history ?? noHistory),
  };
}

/** Flows are named by whoever asks; only what an alert is about would have to be looked up. */
const noHistory: AskedHistory = {
  rows: async () => {
    throw new Failure('UNSUPPORTED', 'there is no history here', 'Keep one: start with --store.');
  },
  runs: async () => [],
};
