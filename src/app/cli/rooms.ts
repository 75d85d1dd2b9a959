// What the commands need of the other rooms, as one value, so that tests can play them without a network.

import type { Advice, Check, InterfaceInfo } from '../machine/index.ts';
import * as machine from '../machine/index.ts';
import type { Listeners, OpenSink, Run, RunOptions, SinkOptions, ZeekOptions } from '../pipeline/index.ts';
import * as pipeline from '../pipeline/index.ts';

export interface Rooms {
  startRun(options: RunOptions, listeners: Listeners): Run;
  openEve(options: SinkOptions): OpenSink;
  openZeek(options: ZeekOptions): OpenSink;
  listInterfaces(): readonly InterfaceInfo[];
  /** Throws NO_SUCH_INTERFACE. */
  resolveInterface(text: string): InterfaceInfo;
  examine(): readonly Check[];
  /** The safest first. */
  permissionAdvice(name: string): readonly Advice[];
}

export const rooms: Rooms = {
  startRun: pipeline.startRun,
  openEve: pipeline.eve.open,
  openZeek: pipeline.openZeek,
  listInterfaces: machine.listInterfaces,
  resolveInterface: (text) => machine.resolveInterface(text),
  examine: machine.examine,
  permissionAdvice: (name) => machine.permissionAdvice(name),
};
