// Packets out of the ring beside a store, for whoever asks over HTTP.

import type { History } from '../../output/store/index.ts';
import { packetsOfAlert, packetsOfFlow } from '../pipeline/keeping/packets/find-packets.ts';
import type { PacketSource } from './parts.ts';

/** @param folder of the ring */
export function packetSource(folder: string, history: History): PacketSource {
  return {
    async *find(packets, signal) {
      if (packets.kind === 'flow') yield* packetsOfFlow(folder, packets.flow, { signal });
      else yield* await packetsOfAlert(folder, packets.alert, history, { signal });
    },
  };
}
