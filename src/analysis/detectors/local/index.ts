// Who is who on the wire: ARP, DHCP, router and neighbour discovery, switches.

import type { Detector } from '../detector.ts';
import { announceStorm } from './arp/announce-storm.ts';
import { arpReask } from './arp/arp-reask.ts';
import { arpScan } from './arp/arp-scan.ts';
import { arpSpoof } from './arp/arp-spoof.ts';
import { arpUnanswered } from './arp/arp-unanswered.ts';
import { ipConflict } from './arp/ip-conflict.ts';

// biome-ignore lint/suspicious/noExplicitAny: options of every shape
export const local: readonly Detector<any>[] = [arpSpoof, arpReask, ipConflict, announceStorm, arpScan, arpUnanswered];
