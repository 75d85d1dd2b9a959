// Opens what a run reads from.

import { openAfPacket } from '../../capture/sources/af-packet.ts';
import { openFiles } from '../../capture/sources/files.ts';
import { filtered } from '../../capture/sources/filtered.ts';
import { openLibpcap } from '../../capture/sources/libpcap.ts';
import type { Source } from '../../core/index.ts';
import type { RunOptions } from './options.ts';

/** Opens the source with the filter in place. Throws a Failure. */
export async function openSource(options: RunOptions, fanoutGroup: number): Promise<Source> {
  const { input } = options;
  if (input.kind === 'files') {
    const source = await openFiles(input.paths, { follow: input.follow });
    return options.filter === '' ? source : filtered(source, options.filter, options.snapLen);
  }
  const live = {
    name: input.name,
    promiscuous: input.promiscuous,
    snapLen: options.snapLen,
    bufferBytes: input.bufferBytes,
    filter: options.filter,
    fanout: options.workers > 1 ? { group: fanoutGroup, members: options.workers } : null,
  };
  const useNative = input.backend === 'native' && process.platform === 'linux';
  return useNative ? openAfPacket(live) : openLibpcap(live);
}
