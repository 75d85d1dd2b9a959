// Facts as Suricata's EVE JSON, one object per line (https://docs.suricata.io, "EVE JSON Output"), appended to a file or
// written to standard output.

import { ByteFile, type FileCalls } from './byte-file.ts';
import { eveAlert } from './eve-alert.ts';
import { interfaceBytes, writeEveFlow } from './eve-flow.ts';
import { eveStats } from './eve-stats.ts';
import { defineSink, type OpenSink, type SinkOptions } from './sink.ts';

/** As the sink's `open`; `calls` stands in for the system in tests. */
export function openEve(options: SinkOptions, calls?: FileCalls): OpenSink {
  const file = new ByteFile(options.path, calls);
  /** Names as bytes by index; undefined where not asked for yet. */
  const names: (Uint8Array | null | undefined)[] = [];
  const { interfaceName } = options;

  function nameOf(index: number): Uint8Array | null {
    const known = names[index];
    if (known !== undefined) return known;
    const name = interfaceName?.(index) ?? null;
    const bytes = name === null ? null : interfaceBytes(name);
    names[index] = bytes;
    return bytes;
  }

  return {
    write: (flow) => {
      if (file.isReady) file.end(writeEveFlow(file.bytes, file.at, flow, nameOf(flow.iface)));
    },
    event: ({ line }) => {
      if (line.length > 0 && file.isReady) file.add(line);
    },
    alert: (alert) => {
      if (file.isReady) file.line(eveAlert(alert));
    },
    stats: (snapshot) => {
      if (file.isReady) file.line(eveStats(snapshot));
    },
    flush: () => file.flush(),
    close: () => file.close(),
  };
}

export const eve = defineSink({ name: 'eve', title: 'Suricata EVE JSON', open: (options) => openEve(options) });
