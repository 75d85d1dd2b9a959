// Scans that go down a host and across hosts, side by side: a scan of many ports of many hosts is one, not both.

import type { Surroundings } from '../../../detector.ts';
import { Episodes } from './episodes.ts';

/** From so many on, what looks like another shape is the same scan seen from the side. */
const enough = 3;
const sideUs = 600e6;

export class Shapes {
  readonly vertical = new Episodes();
  readonly horizontal = new Episodes();

  /** The source sweeps hosts for several ports: its many ports of one host are part of that. */
  isSwept(source: string, timeUs: number): boolean {
    const e = this.horizontal.get(source);
    return e !== undefined && e.passed >= enough && timeUs - e.lastUs <= sideUs;
  }

  /** The source goes through the ports of several hosts: its many hosts of one port are part of that. */
  isDeep(source: string, timeUs: number): boolean {
    const e = this.vertical.get(source);
    return e !== undefined && e.passed >= enough && timeUs - e.lastUs <= sideUs;
  }
}

export function shapes(around: Surroundings): Shapes {
  return around.shared('scan.shapes', () => new Shapes());
}
