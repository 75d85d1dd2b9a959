// Opens what a run reads from.

import { filtered, sources } from '../../capture/sources/index.ts';
import type { Source } from '../../core/index.ts';
import type { RunOptions } from './options.ts';

/** Opens the source with the filter in place. Rejects with a Failure, and leaves nothing open then. */
export async function openSource(options: RunOptions, fanoutGroup: number): Promise<Source> {
  const { input, filter, snapLen } = options;
  if (input.kind === 'files') {
    const { follow, pace } = input;
    const source = await sources.files(input.paths, pace === undefined ? { follow } : { follow, pace });
    if (filter === '') return source;
    return filtered(source, filter, snapLen).catch((cause) => {
      source.close();
      throw cause;
    });
  }
  const isNative = input.backend === 'native' && process.platform === 'linux';
  return (isNative ? sources.afPacket : sources.libpcap)({
    name: input.name,
    promiscuous: input.promiscuous,
    snapLen,
    bufferBytes: input.bufferBytes,
    filter,
    fanout: options.workers > 1 ? { group: fanoutGroup, members: options.workers } : null,
  });
}
