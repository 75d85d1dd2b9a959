// `taplight interfaces` and -D: the interfaces with their rates, as a table or as one JSON document.

import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, exitCodes } from '../../../core/index.ts';
import { type InterfaceRow, interfacesTable } from '../../../screens/present/index.ts';
import { type RatedInterface, styleOf, watchInterfaces } from '../console/index.ts';
import type { Host } from '../host.ts';
import type { Arguments, ReadSettings } from '../options/index.ts';
import type { Rooms } from '../rooms.ts';
import { writeAll } from '../write-all.ts';

/** Long enough for a rate, short enough not to be waited for. */
const lookMs = 300;

export async function interfaces(read: ReadSettings, _: Arguments, host: Host, rooms: Rooms): Promise<ExitCode> {
  const look = watchInterfaces(rooms.listInterfaces, host.nowMs);
  look();
  await sleep(lookMs);
  const list = look();
  const text = read.settings.json
    ? JSON.stringify(list.map(interfaceDocument), null, 2)
    : interfacesTable(list.map(row), styleOf(host.stdout, read.settings.color, host.environment));
  await writeAll(host, `${text.trimEnd()}\n`);
  return exitCodes.ok;
}

/** An interface as `--json` and the API tell it. */
export function interfaceDocument(one: RatedInterface): Readonly<Record<string, unknown>> {
  return {
    number: one.index,
    name: one.name,
    addresses: one.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    mac: one.mac,
    kind: one.kind,
    up: one.isUp,
    running: one.isRunning,
    connected: one.isConnected,
    mtu: one.mtu,
    speed_bps: one.speedBps,
    description: one.description,
    default_route: one.isDefaultRoute,
    bytes: one.counters === null ? null : { rx: one.counters.rxBytes, tx: one.counters.txBytes },
    packets: one.counters === null ? null : { rx: one.counters.rxPackets, tx: one.counters.txPackets },
    bytes_per_s: one.rates === null ? null : { rx: one.rates.rxBytesPerSec, tx: one.rates.txBytesPerSec },
    packets_per_s: one.rates === null ? null : { rx: one.rates.rxPacketsPerSec, tx: one.rates.txPacketsPerSec },
  };
}

function row(one: RatedInterface): InterfaceRow {
  return {
    number: one.index,
    name: one.name,
    kind: one.kind,
    state: one.isUp ? 'up' : 'down',
    addresses: one.addresses.map(({ address }) => address),
    speedBps: one.speedBps,
    rxBytesPerSec: one.rates?.rxBytesPerSec ?? null,
    txBytesPerSec: one.rates?.txBytesPerSec ?? null,
  };
}
