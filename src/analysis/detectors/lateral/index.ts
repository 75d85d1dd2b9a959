// Moving from one machine to the next, and the exploits that open the way.

import type { Detector } from '../detector.ts';
import { dcsync } from './dcsync.ts';
import { printNightmare } from './exploits/print-nightmare.ts';
import { sadmind } from './exploits/sadmind.ts';
import { sigRed } from './exploits/sigred.ts';
import { slammer } from './exploits/slammer.ts';
import { doublePulsar, eternalBlue, eternalChampion } from './exploits/smb1.ts';
import { zerologon } from './exploits/zerologon.ts';
import { fanOut } from './fan-out.ts';
import { psexec } from './psexec.ts';
import { coercion, remoteTask, wmi } from './remote-calls.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const lateral: readonly Detector<any>[] = [
  psexec,
  wmi,
  remoteTask,
  coercion,
  dcsync,
  fanOut,
  zerologon,
  eternalBlue,
  eternalChampion,
  doublePulsar,
  printNightmare,
  slammer,
  sigRed,
  sadmind,
];
