// Who is who on the wire: ARP, DHCP, router and neighbour discovery, switches.

import type { Detector } from '../detector.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const local: readonly Detector<any>[] = [];
